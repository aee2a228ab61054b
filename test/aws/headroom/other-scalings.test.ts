/** Application Auto Scaling and the table, as the unmodified clients see them on the local cloud. */
import { ApplicationAutoScalingClient, PutScalingPolicyCommand } from '@aws-sdk/client-application-auto-scaling';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsOtherScalings } from '../../../lib/aws/headroom/other-scalings.ts';
import { awsTakeovers } from '../../../lib/aws/headroom/takeovers.ts';
import { tableOf } from '../../../lib/aws/store.ts';
import { tableDefinition } from '../../../lib/aws/table.ts';
import type { LocalScaling, LocalScalingPolicy } from '../../../lib/local/autoscaling.ts';
import { startLocalCloud } from '../../../lib/local/cloud.ts';
import { CHECKOUT, GIVEN, otherScalingContract } from '../../contracts/other-scaling.ts';
import { stubPlant } from '../../local/stub-plant.ts';

const COMMON = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
const ARN = 'arn:aws:ecs:us-east-1:123456789012:service/prod/checkout';

const tracking = (name: string, DisableScaleIn: boolean): LocalScalingPolicy => ({
  ...{ name, type: 'TargetTrackingScaling' },
  configuration: { TargetTrackingScalingPolicyConfiguration: { TargetValue: 55, DisableScaleIn } },
});
const steps = (name: string, ...by: number[]): LocalScalingPolicy => ({
  ...{ name, type: 'StepScaling' },
  configuration: {
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: by.map((ScalingAdjustment) => ({ ScalingAdjustment })),
    },
  },
});

const scaled: LocalScaling = {
  ...{ ...CHECKOUT, min: 2, max: 20 },
  policies: [
    tracking('cpu-70', false),
    tracking('backstop', true),
    steps('steps-up', 1, 4),
    steps('steps-down', -1),
    { name: 'forecast', type: 'PredictiveScaling', configuration: {} },
  ],
  scheduled: [
    { ScheduledActionName: 'night', Schedule: 'cron(0 22 * * ? *)', ScalableTargetAction: { MaxCapacity: 4 } },
    { ScheduledActionName: 'morning', Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 6 } },
  ],
  suspended: {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: true,
  },
};

async function start() {
  const cloud = await startLocalCloud({ plants: [stubPlant()], scaling: [scaled] });
  const dynamodb = new DynamoDBClient({ ...COMMON, endpoint: cloud.dynamoEndpoint });
  const scaling = new ApplicationAutoScalingClient({ ...COMMON, endpoint: cloud.endpoint });
  await dynamodb.send(new CreateTableCommand(tableDefinition('schmitt')));
  const table = tableOf({ client: dynamodb, tableName: 'schmitt', backoffMs: 1 });
  return {
    ...{ cloud, dynamodb, scaling },
    scalings: awsOtherScalings({ scaling, limits: { callMs: 5_000 } }),
    takeovers: awsTakeovers(table, { now: () => 1_000_000 }),
    close: async () => {
      for (const client of [dynamodb, scaling]) client.destroy();
      await cloud.close();
    },
  };
}

otherScalingContract('AWS', start);

let world: Awaited<ReturnType<typeof start>>;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());
const live = () => new AbortController().signal;

test('a policy that is put may scale in until it is put otherwise', async () => {
  const put = (DisableScaleIn: boolean) =>
    world.scaling.send(
      new PutScalingPolicyCommand({
        ...{ ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' },
        ...{ ResourceId: 'service/prod/checkout', PolicyName: 'memory', PolicyType: 'TargetTrackingScaling' },
        TargetTrackingScalingPolicyConfiguration: { TargetValue: 60, DisableScaleIn },
      }),
    );
  const last = async () => (await world.scalings.read([CHECKOUT], live()))[0]?.policies.at(-1);
  await put(false);
  expect(await last()).toEqual({ name: 'memory', canScaleIn: true });
  await put(true);
  expect(await last()).toEqual({ name: 'memory', canScaleIn: false });
});

test('steps that set an exact count may scale in, and so may a type that nobody knows', async () => {
  await world.scaling.send(
    new PutScalingPolicyCommand({
      ...{ ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' },
      ...{ ResourceId: 'service/prod/checkout', PolicyName: 'exact', PolicyType: 'StepScaling' },
      StepScalingPolicyConfiguration: { AdjustmentType: 'ExactCapacity', StepAdjustments: [{ ScalingAdjustment: 8 }] },
    }),
  );
  const [found] = await world.scalings.read([CHECKOUT], live());
  expect(found?.policies.at(-1)).toEqual({ name: 'exact', canScaleIn: true });
});

test('a refusal is thrown by its name', async () => {
  world.cloud.faults.next('DescribeScalingPolicies', { kind: 'accessDenied' });
  await expect(world.scalings.read([CHECKOUT], live())).rejects.toThrow('DescribeScalingPolicies');
});

test('a record of a newer format is left alone', async () => {
  const item = { pk: { S: `takeover#${ARN}` }, sk: { S: '-' }, v: { N: '2' }, rev: { N: '1' } };
  await world.dynamodb.send(new PutItemCommand({ TableName: 'schmitt', Item: item }));
  await expect(world.takeovers.load(ARN, live())).rejects.toThrow(/format that this version does not read/);
});

test('fifty services are asked about at once', async () => {
  const names = Array.from({ length: 60 }, (_, i) => ({ cluster: 'prod', service: `s${i}` }));
  const found = await world.scalings.read([...names, CHECKOUT], live());
  expect([found.length, found.at(-1)]).toEqual([61, GIVEN]);
  expect(world.cloud.calls.of('DescribeScalableTargets')).toBe(2);
});
