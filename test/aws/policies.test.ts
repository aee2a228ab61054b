import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hotPolicies } from '../../lib/aws/policies.ts';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import { deployedPolicies } from '../../lib/policy/document/deployed.ts';
import { versionOf } from '../../lib/policy/document/version.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';
import { policiesContract } from '../contracts/policies.ts';
import { checkoutPolicies } from '../support/policy-texts.ts';
import { type AppConfigWorld, startAppConfig } from './appconfig.ts';
import { CREDENTIALS, type DynamoWorld, REGION, startDynalite } from './dynamodb.ts';
import { failure } from './wire.ts';

const T0 = Date.UTC(2026, 10, 20, 8);
const live = () => new AbortController().signal;

let dynalite: Awaited<ReturnType<typeof startDynalite>>;
let appconfig: AppConfigWorld;
let dynamo: DynamoWorld;
beforeAll(async () => {
  dynalite = await startDynalite();
});
beforeEach(async () => {
  dynamo = await dynalite.create();
  appconfig = await startAppConfig();
});
afterEach(async () => {
  await dynamo.close();
  await appconfig.close();
});
afterAll(() => dynalite.stop());

const deployed = (set: PolicySet): string => JSON.stringify(deployedPolicies(set));

/** A service whose min tells the versions apart. */
function withMin(min: number): PolicySet {
  return checkoutPolicies(
    `capacity: { min: ${min}, max: 60 }`,
    "scaleOut: [{ name: busy, when: 'cpu > 70', add: 2 }]",
    "scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]",
  );
}

/** A function's process: what it remembers ends with it. */
function startProcess() {
  const clock = manualClock(T0);
  const policies = hotPolicies({
    region: REGION,
    credentials: CREDENTIALS,
    endpoints: { appconfig: appconfig.endpoint },
    limits: { attempts: 1 },
    source: { application: 'schmitt', environment: 'live', profile: 'policies' },
    table: dynamo.table,
    clock,
  });
  return {
    clock,
    trouble: () => policies.trouble(),
    /** The min in force at the next tick. */
    async nextTick(): Promise<number | undefined> {
      clock.advance(60_000);
      return (await policies.load(live())).services[0]?.capacity.min;
    },
    load: () => policies.load(live()),
    policies,
  };
}

policiesContract('AppConfig', async (set) => {
  appconfig.configure(deployed(set));
  return startProcess().policies;
});

describe('policies in AppConfig', () => {
  test('a change takes effect at the next tick', async () => {
    appconfig.configure(deployed(withMin(2)));
    const process = startProcess();
    expect(await process.nextTick()).toBe(2);
    appconfig.configure(deployed(withMin(4)));
    expect(await process.nextTick()).toBe(4);
    expect(process.trouble()).toBeUndefined();
  });

  test('are asked for no more often than AppConfig allows, and sent only when they changed', async () => {
    appconfig.configure(deployed(withMin(2)));
    const process = startProcess();
    await process.load();
    await process.load();
    process.clock.advance(14_000);
    await process.load();
    expect(appconfig.requests).toEqual(['POST /configurationsessions', 'GET /configuration']);
    process.clock.advance(1_000);
    await process.load();
    expect(appconfig.requests).toHaveLength(3);
    expect(dynamo.wire.requests.map(({ operation }) => operation)).toEqual(['PutItem']);
  });

  test('a session that AppConfig has forgotten is begun anew', async () => {
    appconfig.configure(deployed(withMin(2)));
    const process = startProcess();
    await process.nextTick();
    appconfig.forgetTokens();
    appconfig.configure(deployed(withMin(4)));
    expect(await process.nextTick()).toBe(4);
  });
});

describe('a bad one', () => {
  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['that is no JSON', 'version: 1', /not valid JSON/],
    ['that was changed by hand', deployed(withMin(2)).replace('"min":2', '"min":0'), /hashes to/],
    ['of a version that is not known here', deployed(withMin(2)).replace('"v":1', '"v":9'), /its format v is 9/],
    ['whose condition cannot be compiled', withBrokenCondition(), /cpu/],
  ];

  test.each(bad)('%s changes nothing, and is said until a good one comes', async (_case, text, cause) => {
    appconfig.configure(deployed(withMin(3)));
    const process = startProcess();
    await process.nextTick();

    appconfig.configure(text);
    expect(await process.nextTick()).toBe(3);
    expect(await process.nextTick()).toBe(3);
    expect(process.trouble()).toEqual({ kind: 'rejected', cause: expect.stringMatching(cause) });

    appconfig.configure(deployed(withMin(5)));
    expect(await process.nextTick()).toBe(5);
    expect(process.trouble()).toBeUndefined();
  });

  test('is not taken by a new process either: the table has the last good ones', async () => {
    appconfig.configure(deployed(withMin(3)));
    await startProcess().nextTick();
    appconfig.configure('{}');
    const process = startProcess();
    expect(await process.nextTick()).toBe(3);
    expect(process.trouble()?.kind).toBe('rejected');
  });

  test('with nothing before it is a fault that says why', async () => {
    appconfig.configure('{}');
    await expect(startProcess().load()).rejects.toThrow(
      /^No policies: AppConfig profile policies: its format v .* and table schmitt-\d+ remembers none\.$/,
    );
  });
});

describe('without AppConfig', () => {
  test('the policies stay, and it is said', async () => {
    appconfig.configure(deployed(withMin(3)));
    const process = startProcess();
    await process.nextTick();
    appconfig.fail(500);
    expect(await process.nextTick()).toBe(3);
    expect(process.trouble()?.kind).toBe('unreachable');
    await process.load();
    expect(process.trouble()?.kind).toBe('unreachable');
    appconfig.recover();
    expect(await process.nextTick()).toBe(3);
    expect(process.trouble()).toBeUndefined();
  });

  test('a new process has them from the table', async () => {
    appconfig.configure(deployed(withMin(3)));
    await startProcess().nextTick();
    appconfig.fail(500);
    expect(await startProcess().nextTick()).toBe(3);
  });
});

test('policies that the table did not take hold all the same, and are stored at a later tick', async () => {
  appconfig.configure(deployed(withMin(3)));
  const process = startProcess();
  dynamo.interfere(() => failure('ValidationException', 'Item size has exceeded the maximum allowed size'));
  expect(await process.nextTick()).toBe(3);
  expect(process.trouble()).toEqual({ kind: 'unsaved', cause: expect.stringContaining('Item size') });
  dynamo.interfere((_request, pass) => pass());
  expect(await process.nextTick()).toBe(3);
  expect(process.trouble()).toBeUndefined();
  appconfig.fail(500);
  expect(await startProcess().nextTick()).toBe(3);
});

function withBrokenCondition(): string {
  const set = withMin(2);
  const [service] = set.services;
  const broken = { ...set, services: [{ ...service, scaleOut: [{ ...service?.scaleOut[0], when: 'cpu >' }] }] };
  return deployed({ ...broken, version: versionOf(broken as PolicySet) } as PolicySet);
}
