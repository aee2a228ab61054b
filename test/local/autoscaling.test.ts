/** Application Auto Scaling as the unmodified client sees it, and what our reader makes of it. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readScaling } from '../../lib/aws/scaling.ts';
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

let cloud: LocalCloud;
beforeEach(async () => {
  const many = Array.from({ length: 60 }, (_, i) => tracking(`cpu-${i}`));
  const scaling = [
    { ...SERVICE, min: 2, max: 40, policies: [...many, steps] },
    { cluster: 'prod', service: 'other', min: 1, max: 9, policies: [tracking('theirs')] },
  ];
  cloud = await startLocalCloud({ plants: [stubPlant()], scaling });
  process.env.AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING = cloud.endpoint;
});
afterEach(async () => {
  delete process.env.AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING;
  await cloud.close();
});

const read = (service: string) =>
  readScaling(
    { cluster: 'prod', service },
    { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
    new AbortController().signal,
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

test('a service that nobody registered has neither', async () => {
  expect(await read('cart')).toEqual({ policies: [], scheduled: [] });
});

test('a refusal is thrown by its name', async () => {
  cloud.faults.next('DescribeScalableTargets', { kind: 'accessDenied' });
  await expect(read('checkout')).rejects.toThrow('application-autoscaling:DescribeScalableTargets');
});
