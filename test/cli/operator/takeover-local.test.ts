/** From a service that Application Auto Scaling may scale in to one that Schmitt acts on: the check, the tick and the command, against the local cloud. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { awsChecker } from '../../../lib/aws/headroom/checker.ts';
import { headroomClients } from '../../../lib/aws/headroom/clients.ts';
import { awsHeadroom } from '../../../lib/aws/headroom/findings-store.ts';
import { awsPorts } from '../../../lib/aws/ports.ts';
import { tableOf } from '../../../lib/aws/store.ts';
import { createLocalTable } from '../../../lib/cli/local-table.ts';
import { type LocalCloud, startLocalCloud } from '../../../lib/local/cloud.ts';
import { checkShards } from '../../../lib/loop/headroom-checks.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import { tick } from '../../../lib/loop/tick.ts';
import { metricOf, NOON, point, stubPlant } from '../../local/stub-plant.ts';
import { checkoutPolicies } from '../../support/policy-texts.ts';
import { schmitt as runSchmitt, shellFor } from '../schmitt.ts';

const REGION = 'us-east-1';
const POLICIES = checkoutPolicies(`
scaleOut: [{ name: warm, when: 'cpu > 65', add: 6, trueFor: 1 of 1 }]
scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1, trueFor: 6 of 6 }]`);

const cpu = metricOf(
  ...(['AWS/ECS', 'CPUUtilization', { ClusterName: 'prod', ServiceName: 'checkout' }, 60] as const),
  Array.from({ length: 20 }, (_, i) => point(NOON + (i - 10) * 60_000, 60, [90, 90])),
);
const usage = metricOf(
  ...(['AWS/Usage', 'ResourceCount'] as const),
  { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: 'Standard/OnDemand' },
  300,
  [point(NOON - 600_000, 300, [98.25])],
);
const plant = stubPlant({ metrics: [cpu, usage] });
const clock = manualClock(NOON + 30_000);
const policies = { load: async () => POLICIES };
const live = () => new AbortController().signal;

let cloud: LocalCloud;
let ports: ReturnType<typeof awsPorts>;
let clients: ReturnType<typeof headroomClients>;
beforeAll(async () => {
  plant.advanceTo(clock.now());
  cloud = await startLocalCloud({
    ...{ plants: [plant], region: REGION, surroundings: { quotas: { 'Standard/OnDemand': 99 } } },
    scaling: [
      {
        ...{ cluster: 'prod', service: 'checkout', min: 2, max: 20 },
        policies: [
          {
            name: 'cpu-70',
            type: 'TargetTrackingScaling',
            configuration: { TargetTrackingScalingPolicyConfiguration: {} },
          },
        ],
      },
    ],
  });
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'schmitt');
  const { endpoint, dynamoEndpoint: dynamodb } = cloud;
  const made = {
    ...{ region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
    endpoints: { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, ec2: endpoint, scaling: endpoint, dynamodb },
  };
  ports = awsPorts({ ...made, tableName: 'schmitt', policies, clock });
  clients = headroomClients(made);
});
afterAll(async () => {
  clients.close();
  ports.close();
  await cloud.close();
});

async function ticked(): Promise<string> {
  const account = { partition: 'aws', region: REGION, accountId: '123456789012' };
  const request = { shard: '0', account, owner: `t${clock.now()}`, remainingMs: () => 29_000, abort: live() };
  const report = await tick(ports, request);
  if (report.kind !== 'ticked') throw new Error(report.kind);
  return report.entries.map(({ outcome, sentence }) => `${outcome}: ${sentence}`).join();
}

/** What the command prints, where it succeeds. */
async function schmitt(...args: readonly string[]): Promise<string> {
  const ended = await runSchmitt(args, '', { ...shellFor(cloud), SCHMITT_TABLE: 'schmitt' });
  expect(ended).toMatchObject({ exitCode: 0 });
  return ended.stdout;
}

test('a service is refused, taken over, scaled as far as there is room, and given back', async () => {
  const headroom = awsHeadroom(tableOf({ client: clients.dynamodb, tableName: 'schmitt' }));
  await checkShards({ clock, policies, headroom, checker: awsChecker(clients, REGION) }, { shards: 1, abort: live() });
  expect(await ticked()).toMatch(
    /^held: .*may scale it in \(policy cpu-70\), so nothing is done: run schmitt takeover prod\/checkout$/,
  );

  expect(await schmitt('takeover', 'prod/checkout', '--yes', '--backstop', '--owner', 'ada')).toMatch(
    /^prod\/checkout is registered .*policy cpu-70 may scale in; nothing suspended\.\nTo do:[\s\S]*\nDone: prod\/checkout has scaling in suspended;/,
  );
  clock.advance(60_000);
  plant.advanceTo(clock.now());
  expect(await ticked()).toMatch(/^changed: 4 → 7: .*the Fargate vCPU quota leaves room for 3 more tasks \(asked 8\)$/);
  expect(plant.asked).toEqual([7]);

  expect(await schmitt('release', 'prod/checkout', '--yes')).toMatch(/\nDone: prod\/checkout has nothing suspended\./);
  clock.advance(60_000);
  plant.advanceTo(clock.now());
  expect(await schmitt('headroom', 'prod/checkout')).toContain('may scale it in (policy cpu-70)');
}, 60_000);
