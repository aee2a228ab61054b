/** Application Auto Scaling as the unmodified client sees it, and what our reader makes of it. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readScaling, type Span } from '../../lib/aws/scaling.ts';
import type { LocalScaling } from '../../lib/local/autoscaling.ts';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { stubPlant } from './stub-plant.ts';

const SERVICE = { cluster: 'prod', service: 'checkout' };
const tracking = (name: string): LocalScaling['policies'][number] => ({
  ...{ name, type: 'TargetTrackingScaling' },
  configuration: {
    TargetTrackingScalingPolicyConfiguration: {
      ...{ TargetValue: 55, ScaleOutCooldown: 60, DisableScaleIn: true },
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    },
  },
});
const steps: LocalScaling['policies'][number] = { name: 'steps', type: 'StepScaling', configuration: {} };
const HOUR = Date.UTC(2026, 0, 5, 8);
const predictive: LocalScaling['policies'][number] = {
  ...{ name: 'days', type: 'PredictiveScaling' },
  configuration: { PredictiveScalingPolicyConfiguration: { Mode: 'ForecastAndScale', SchedulingBufferTime: 600 } },
  forecast: [0, 1, 2].map((hour) => [HOUR / 1000 + hour * 3600, 10 + hour] as const),
};
const busy = {
  ...{ AlarmName: 'busy', Namespace: 'AWS/ECS', MetricName: 'CPUUtilization', Statistic: 'Average', Period: 60 },
  ...{ ComparisonOperator: 'GreaterThanThreshold', Threshold: 70, EvaluationPeriods: 5, DatapointsToAlarm: 3 },
  ...{ TreatMissingData: 'notBreaching', Dimensions: [{ Name: 'ServiceName', Value: 'planned' }] },
};
const stepped: LocalScaling['policies'][number] = {
  ...{ name: 'out', type: 'StepScaling' },
  configuration: {
    Alarms: [{ AlarmName: 'busy', AlarmARN: 'arn:busy' }],
    StepScalingPolicyConfiguration: {
      ...{ AdjustmentType: 'ChangeInCapacity', Cooldown: 90 },
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
    },
  },
};
const sale = {
  ...{ ScheduledActionName: 'sale', Schedule: 'cron(0 8 * * ? *)', Timezone: 'Europe/Berlin' },
  ...{ StartTime: HOUR / 1000, ScalableTargetAction: { MinCapacity: 7 } },
};

let cloud: LocalCloud;
beforeEach(async () => {
  const many = Array.from({ length: 60 }, (_, i) => tracking(`cpu-${i}`));
  const scaling = [
    { ...SERVICE, min: 2, max: 40, policies: [...many, steps] },
    {
      ...{ cluster: 'prod', service: 'planned', min: 1, max: 9 },
      ...{ policies: [predictive, stepped], scheduled: [sale], alarms: [busy] },
    },
    { cluster: 'prod', service: 'other', min: 1, max: 9, policies: [tracking('theirs')] },
  ];
  cloud = await startLocalCloud({ plants: [stubPlant()], scaling });
  process.env.AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING = cloud.endpoint;
});
afterEach(async () => {
  delete process.env.AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING;
  await cloud.close();
});

const read = (service: string, span?: Span) =>
  readScaling(
    { cluster: 'prod', service },
    {
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      endpoints: { cloudwatch: cloud.endpoint },
    },
    new AbortController().signal,
    span,
  );

test('bounds and policies of the one service, all pages of them', async () => {
  const { capacity, policies } = await read('checkout');
  expect([capacity, policies.length]).toEqual([{ min: 2, max: 40 }, 61]);
  expect(policies[0]).toEqual({
    ...{ kind: 'targetTracking', name: 'cpu-0', metric: 'ECSServiceAverageCPUUtilization', target: 55 },
    ...{ outCooldownSeconds: 60, scaleInDisabled: true },
  });
  expect(policies.at(-1)).toEqual({ kind: 'other', name: 'steps', type: 'StepScaling' });
});

test('what was forecast for a time, the alarms behind steps, and scheduled actions', async () => {
  const { policies, scheduled } = await read('planned', { from: HOUR, to: HOUR + 2 * 3_600_000 });
  expect(policies).toEqual([
    {
      ...{ kind: 'predictive', name: 'days', scales: true, bufferSeconds: 600 },
      forecast: [
        [HOUR, 10],
        [HOUR + 3_600_000, 11],
      ],
    },
    {
      ...{ kind: 'stepScaling', name: 'out', cooldownSeconds: 90 },
      adjustment: { type: 'ChangeInCapacity', steps: [{ lower: 0, upper: null, change: 2 }] },
      alarms: [
        {
          ...{ name: 'busy', metric: 'AWS/ECS CPUUtilization', dimensions: { ServiceName: 'planned' } },
          ...{ statistic: 'Average', comparison: 'GreaterThanThreshold', threshold: 70, periodSeconds: 60 },
          ...{ m: 3, n: 5, treatMissing: 'notBreaching' },
        },
      ],
    },
  ]);
  expect(scheduled).toEqual([
    { name: 'sale', schedule: 'cron(0 8 * * ? *)', timezone: 'Europe/Berlin', startsAt: HOUR, min: 7 },
  ]);
});

test('nothing is asked about forecasts and alarms of a service that has none', async () => {
  await read('other');
  expect([cloud.calls.of('DescribeAlarms'), cloud.calls.of('GetPredictiveScalingForecast')]).toEqual([0, 0]);
});

test('a service that nobody registered has neither', async () => {
  expect(await read('cart')).toEqual({ policies: [], scheduled: [] });
});

test('a refusal is thrown by its name', async () => {
  cloud.faults.next('DescribeScalableTargets', { kind: 'accessDenied' });
  await expect(read('checkout')).rejects.toThrow('application-autoscaling:DescribeScalableTargets');
});
