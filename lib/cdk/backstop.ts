/**
 * For the day the scaler is dead: target tracking of Application Auto Scaling that only ever adds tasks, far above where Schmitt acts. It
 * costs two alarms, and never scales in.
 */
import { Duration } from 'aws-cdk-lib';
import { PredefinedMetric, ScalableTarget, ServiceNamespace } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { CapacityProps } from './scale-props.ts';

export interface BackstopProps {
  /**
   * CPU in percent that it keeps the service below; above every CPU threshold of `scaleOut`.
   * @default 90
   */
  readonly cpuPercent?: number;
  /**
   * Time between two steps.
   * @default Duration.minutes(3)
   */
  readonly cooldown?: Duration;
}

export const BACKSTOP_CPU_PERCENT = 90;

export function createBackstop(
  scope: Construct,
  id: string,
  service: IBaseService,
  { min, max }: CapacityProps,
  { cpuPercent = BACKSTOP_CPU_PERCENT, cooldown = Duration.minutes(3) }: BackstopProps,
): ScalableTarget {
  const target = new ScalableTarget(scope, id, {
    serviceNamespace: ServiceNamespace.ECS,
    resourceId: `service/${service.cluster.clusterName}/${service.serviceName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    minCapacity: min,
    maxCapacity: max,
  });
  target.scaleToTrackMetric('Out', {
    predefinedMetric: PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
    targetValue: cpuPercent,
    disableScaleIn: true,
    scaleOutCooldown: cooldown,
  });
  // Its resource id is made of names, which say nothing to CloudFormation of the order.
  target.node.addDependency(service);
  return target;
}
