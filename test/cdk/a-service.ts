/** A stack with a Fargate service of its own. */
import { Stack, type StackProps } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  FargateService,
  type FargateServiceProps,
  FargateTaskDefinition,
  type ICluster,
} from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { testApp } from './synthesized.ts';

export interface ServiceStage {
  readonly stack: Stack;
  readonly vpc: ReturnType<typeof Vpc.fromVpcAttributes>;
  readonly service: FargateService;
}

/** CloudFormation names cluster and service unless they are given a name: then it is `prod/NAME`. */
export function serviceStage(
  serviceName?: string,
  props: Pick<FargateServiceProps, 'desiredCount'> = {},
  { scope = testApp(), id = 'Web', ...stackProps }: StackProps & { scope?: Construct; id?: string } = {},
): ServiceStage {
  const stack = new Stack(scope, id, stackProps);
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-0123456789abcdef0'],
  });
  const clusterName = serviceName === undefined ? {} : { clusterName: 'prod' };
  // CDK's own classes do not fit its interfaces where optional properties are taken at their word.
  const cluster = new Cluster(stack, 'Cluster', { vpc, ...clusterName }) as ICluster;
  const taskDefinition = new FargateTaskDefinition(stack, 'Task');
  const image = ContainerImage.fromRegistry('web');
  taskDefinition.addContainer('web', { image, portMappings: [{ containerPort: 80 }] });
  const named = serviceName === undefined ? {} : { serviceName };
  const service = new FargateService(stack, 'Service', {
    ...{ cluster, taskDefinition, minHealthyPercent: 100 },
    ...named,
    ...props,
  });
  return { stack, vpc, service };
}
