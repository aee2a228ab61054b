/** An operator's questions and words, against the local cloud: the real tick, the real SDK, a plant under a step of load. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awsPorts } from '../../../lib/aws/ports.ts';
import { createLocalTable } from '../../../lib/cli/local-table.ts';
import { explainAt, historyOf, statusOf } from '../../../lib/cli/operator/history-commands.ts';
import { type Operator, operatorFor } from '../../../lib/cli/operator/operator.ts';
import { resume, say } from '../../../lib/cli/operator/override-commands.ts';
import { type LocalCloud, startLocalCloud } from '../../../lib/local/cloud.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import { tick } from '../../../lib/loop/tick.ts';
import { sampledLoad } from '../../../lib/sim/load.ts';
import { createPlant } from '../../../lib/sim/plant.ts';
import type { Plant } from '../../../lib/sim/types.ts';
import { startWire, type Wire } from '../../aws/wire.ts';
import { checkoutPolicies } from '../../support/policy-texts.ts';
import { schmitt as runSchmitt, shellFor } from '../schmitt.ts';

const REGION = 'us-east-1';
const ACCOUNT = { partition: 'aws', region: REGION, accountId: '123456789012' };
const START = Date.UTC(2026, 10, 18, 14, 0, 0);
const MINUTE = 60_000;
const POLICIES = checkoutPolicies(`
scaleOut: [{ name: warm, when: 'cpu > 65', add: 2, trueFor: 2 of 2 }]
scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1, trueFor: 6 of 6 }]`);

let cloud: LocalCloud;
/** The Tagging API: prod/checkout carries schmitt=web, nobody carries anything else. */
let tagging: Wire;
let operator: Operator;
let plant: Plant;
const clock = manualClock(START);
let ports: ReturnType<typeof awsPorts>;

/** Ticks once a minute up to `minute` after the start. */
async function tickUntil(minute: number): Promise<void> {
  for (let at = clock.now() + MINUTE; at <= START + minute * MINUTE; at += MINUTE) {
    plant.advanceTo(at);
    clock.set(at);
    const request = {
      shard: '0',
      account: ACCOUNT,
      owner: `t${at}`,
      remainingMs: () => 29_000,
      abort: new AbortController().signal,
    };
    await tick(ports, request);
  }
}

beforeAll(async () => {
  // Quiet for ten minutes, then three times as much.
  const rates = Float64Array.from({ length: 90 }, (_, minute) => (minute < 10 ? 150 : 340));
  plant = createPlant({
    load: sampledLoad('step', START, 60, rates),
    seed: 7,
    desired: 4,
  });
  cloud = await startLocalCloud({ plants: [plant], region: REGION });
  tagging = await startWire(({ text }) => {
    const isWeb = JSON.parse(text).TagFilters[0].Values[0] === 'web';
    const found = [{ ResourceARN: `arn:aws:ecs:${REGION}:123456789012:service/prod/checkout` }];
    return { body: { ResourceTagMappingList: isWeb ? found : [], PaginationToken: '' } };
  });
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'schmitt');
  const connection = {
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: {
      ecs: cloud.endpoint,
      cloudwatch: cloud.endpoint,
      dynamodb: cloud.dynamoEndpoint,
      tagging: tagging.endpoint,
    },
    tableName: 'schmitt',
    clock,
  };
  ports = awsPorts({ ...connection, policies: { load: async () => POLICIES } });
  operator = operatorFor({ ...connection, abort: new AbortController().signal });
  await tickUntil(25);
}, 60_000);
afterAll(async () => {
  operator.close();
  ports.close();
  await cloud.close();
  await tagging.close();
});

/** The real command, with the environment as an operator's shell has it. */
const schmitt = (...args: readonly string[]) =>
  runSchmitt(args, '', {
    ...shellFor(cloud),
    ...{ AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API: tagging.endpoint, SCHMITT_TABLE: 'schmitt' },
  });

describe('an operator asks', () => {
  test('why is checkout at 6?', async () => {
    const answer = await explainAt(operator, 'prod/checkout', clock.now());
    expect(answer).toMatch(/^prod\/checkout now: desired 6, running 6, pending 0\n/);
    expect(await historyOf(operator, 'prod/checkout', { since: '1h', limit: 50 })).toMatch(
      /2026-11-18T14:13:00\.000Z {2}changed {5}4 → 6: warm true 2 of 2 \(cpu \d/,
    );
  });

  test('why did it not scale at 14:12?', async () => {
    const answer = await explainAt(operator, 'prod/checkout', Date.UTC(2026, 10, 18, 14, 12, 30));
    expect(answer).toMatch(/held: hold 4: warm true 1 of 2 \(cpu \d+(\.\d+)?\), 1 more period would do/);
    expect(answer).toMatch(/- scaleOut warm votes abstain: .* \[cpu > 65\]/);
  });

  test('how does everything stand?', async () => {
    expect(await statusOf(operator, '0')).toMatch(/^prod\/checkout {2}desired 6 {2}held .* ago: hold 6/);
  });

  test('a service that nobody knows is one sentence', async () => {
    await expect(explainAt(operator, 'prod/ghost', clock.now())).rejects.toThrow(
      /^SERVICE prod\/ghost: .*; check the name, the Region and the account\.$/,
    );
    await expect(explainAt(operator, 'checkout', clock.now())).rejects.toThrow(
      "SERVICE is 'checkout'; write cluster/service, as in prod/checkout.",
    );
  });
});

describe('an operator speaks', () => {
  const words = { scope: 'prod/checkout', for: '10m', reason: 'a sale', owner: 'mira' };

  test('a floor holds from the next tick on, shows in the status, and ends by itself', async () => {
    const said = await say(operator, { ...words, set: { kind: 'floor', tasks: 9 } });
    expect(said).toMatch(/^prod\/checkout: at least 9 for 10 min, until 2026-11-18T14:35:00\.000Z \(floor-/);
    await tickUntil(26);
    expect(plant.view().desired).toBe(9);
    expect(await statusOf(operator, '0')).toContain(
      'override on prod/checkout: at least 9 until 2026-11-18T14:35:00.000Z by mira: a sale',
    );
    await tickUntil(36);
    expect(await statusOf(operator, '0')).not.toContain('override');
  });

  test('a pause ends when it is resumed', async () => {
    await say(operator, { ...words, set: { kind: 'pause' } });
    await tickUntil(37);
    expect(await explainAt(operator, 'prod/checkout', clock.now())).toContain('pause by mira until');
    expect(await resume(operator, 'prod/checkout')).toMatch(/^prod\/checkout: ended paused \(pause-/);
    await expect(resume(operator, 'prod/checkout')).rejects.toThrow(
      "'prod/checkout' has no override; there is no override at all.",
    );
  });

  test('a floor for everybody who carries a tag says whom it concerns, holds, shows, and ends', async () => {
    const tagged = { ...words, scope: 'tag:schmitt=web' };
    const said = await say(operator, { ...tagged, set: { kind: 'floor', tasks: 12 } });
    expect(said).toMatch(/^tag:schmitt=web \(prod\/checkout\): at least 12 for 10 min, until /);
    await tickUntil(38);
    expect(plant.view().desired).toBe(12);
    expect(await statusOf(operator, '0')).toMatch(
      /^prod\/checkout .*\n {2}override on tag:schmitt=web: at least 12 until .* by mira: a sale \(floor-/,
    );
    expect(await resume(operator, 'tag:schmitt=web')).toMatch(/^tag:schmitt=web: ended at least 12 \(floor-/);
  });

  test('a tag that nobody carries is a slip of the pen', async () => {
    await expect(say(operator, { ...words, scope: 'tag:schmitt=wbe', set: { kind: 'pause' } })).rejects.toThrow(
      "--tag is 'schmitt=wbe', and no service carries it; check the tag, the Region and the account.",
    );
  });

  test.each([
    [
      { for: 'soon' },
      "--for is 'soon'; give a duration between 1m and 14d, as in 2h. What should last longer belongs into the policy.",
    ],
    [
      { for: '30d' },
      "--for is '30d'; give a duration between 1m and 14d, as in 2h. What should last longer belongs into the policy.",
    ],
    [{ reason: ' ' }, '--reason is empty; say why, for whoever finds this override.'],
    [{ scope: 'checkout' }, "SERVICE is 'checkout'; write cluster/service, as in prod/checkout."],
    [{ set: { kind: 'exact', tasks: -1 } as const }, "TASKS is '-1'; give a whole number of tasks, 0 or more."],
  ])('%j is refused in one sentence', async (wrong, sentence) => {
    await expect(say(operator, { ...words, set: { kind: 'pause' }, ...wrong })).rejects.toThrow(sentence);
  });
});

// Last: the command has the machine's clock, which is ahead of this story's.
describe('the command', () => {
  test('asks and speaks as an operator types it', async () => {
    const at = new Date(START + 12 * MINUTE + 30_000).toISOString();
    const explained = await schmitt('explain', 'prod/checkout', '--at', at);
    expect([explained.exitCode, explained.stderr]).toEqual([0, '']);
    expect(explained.stdout).toContain('held: hold 4: warm true 1 of 2');
    expect((await schmitt('status')).stdout).toMatch(/^prod\/checkout {2}desired 12/);
    const said = await schmitt('ceiling', 'prod/checkout', '8', '--for', '2h', '--reason', 'a sale', '--owner', 'mira');
    expect(said.stdout).toMatch(/^prod\/checkout: at most 8 for 2 h, until /);
    expect((await schmitt('resume', 'prod/checkout')).stdout).toContain('ended at most 8');
    const tagged = await schmitt('set', '--tag', 'schmitt=web', '7', '--for', '2h', '--reason', 'a sale');
    expect(tagged.stdout).toMatch(/^tag:schmitt=web \(prod\/checkout\): exactly 7 for 2 h, until /);
    const paused = await schmitt('pause', '--for', '2h', '--tag', 'schmitt=web', '--reason', 'a sale');
    expect(paused.stdout).toMatch(/^tag:schmitt=web \(prod\/checkout\): paused for 2 h, until /);
    expect((await schmitt('resume', '--tag', 'schmitt=web')).stdout).toMatch(
      /ended (exactly 7|paused) .*, (exactly 7|paused) /,
    );
  }, 60_000);

  test.each([
    [['history', 'prod/checkout', '--since', 'ever'], "--since is 'ever'; give a duration, as in 6h or 3d."],
    ...['noon', '2026-11-18T14:05:00', '2026-02-30T14:05:00Z', '11/18/2026'].map((at): [string[], string] => [
      ['explain', 'prod/checkout', '--at', at],
      `--at is '${at}'; give an ISO time with its zone, as in 2026-11-18T14:05:00Z.`,
    ]),
    [
      ['floor', 'prod/checkout', 'many', '--for', '2h', '--reason', 'x'],
      "TASKS is 'many'; give a whole number of tasks, 0 or more.",
    ],
    [
      ['floor', 'prod/checkout', '--for', '2h', '--reason', 'x'],
      'TASKS is missing; write it after the service, or beside --tag.',
    ],
    [['pause', '--for', '2h', '--reason', 'x'], 'No service is named; write cluster/service, or --tag key=value.'],
    [['pause', '--tag', 'web', '--for', '2h', '--reason', 'x'], "--tag is 'web'; write key=value, as in schmitt=web."],
    [
      ['pause', 'prod/checkout', '--tag', 'schmitt=web', '--for', '2h', '--reason', 'x'],
      "SERVICE is 'prod/checkout' beside --tag; keep one of them.",
    ],
    [
      ['floor', 'prod/checkout', '3', '--tag', 'schmitt=web', '--for', '2h', '--reason', 'x'],
      "SERVICE is 'prod/checkout' beside --tag; keep one of them.",
    ],
    [['mode', 'prod/checkout', 'on', '--for', '2h', '--reason', 'x'], "MODE is 'on'; it is one of act, shadow, off."],
  ])('%j is refused in one sentence', async (args, sentence) => {
    expect(await schmitt(...args)).toEqual({ exitCode: 2, stdout: '', stderr: `${sentence}\n` });
  });
});
