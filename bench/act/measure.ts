/** Ticks of a shard against the local cloud: what each of them reads, writes and calls. */
import { awsPorts } from '../../lib/aws/ports.ts';
import { createLocalTable } from '../../lib/cli/local-table.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { tick } from '../../lib/loop/tick.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';
import { createPlant } from '../../lib/sim/plant.ts';
import type { Load, Plant } from '../../lib/sim/types.ts';
import { checkoutPolicies } from '../../test/support/policy-texts.ts';

const REGION = 'eu-west-1';
const ACCOUNT_ID = '123456789012';
const TABLE = 'schmitt';
const BEGINS = Date.UTC(2026, 10, 18, 12);
const MINUTE = 60_000;
/** Until everybody has a history, and nobody is seen for the first time. */
const SETTLED_MINUTES = 12;
/** In the middle of a minute, when the one before is settled. */
const TICK_AT_MS = 55_000;

export type Calls = Readonly<Record<string, number>>;

export interface TickMeasured {
  readonly services: number;
  readonly tick: 'quiet' | 'change';
  /** Consistent reads of the table, by call. */
  readonly reads: number;
  readonly writes: number;
  /** Every call by its operation. */
  readonly calls: Calls;
  readonly seconds: number;
  readonly changed: number;
}

const READS = ['GetItem', 'BatchGetItem', 'Query'];
const WRITES = ['PutItem', 'UpdateItem', 'BatchWriteItem'];

/** A quiet tick, and one in which one service is changed. */
export async function measureTicks(services: number): Promise<readonly TickMeasured[]> {
  const { tickAt, measured, close } = await startShard(services);
  try {
    for (let minute = 1; minute < SETTLED_MINUTES; minute++) await tickAt(minute);
    const quiet = await measured('quiet', SETTLED_MINUTES);
    // The load of one steps up now, and is seen a minute and a half later.
    await tickAt(SETTLED_MINUTES + 1);
    return [quiet, await measured('change', SETTLED_MINUTES + 2)];
  } finally {
    await close();
  }
}

/** A shard at the local cloud, moved on from minute to minute. */
async function startShard(services: number) {
  const plants = Array.from({ length: services }, (_, index) => plantOf(index));
  const policies = policiesOf(services);
  let now = BEGINS;
  const clock = { now: () => now };
  const cloud = await startLocalCloud({ plants, region: REGION, clock });
  await createLocalTable(cloud.dynamoEndpoint, REGION, TABLE);
  const ports = awsPorts({
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: endpointsOf(cloud.endpoint, cloud.dynamoEndpoint),
    ...{ tableName: TABLE, policies: { load: async () => policies }, clock },
  });
  const tickAt = async (minute: number) => {
    now = BEGINS + minute * MINUTE + TICK_AT_MS;
    for (const plant of plants) plant.advanceTo(now);
    return tick(ports, requestAt(now));
  };
  return {
    tickAt,
    async measured(kind: TickMeasured['tick'], minute: number): Promise<TickMeasured> {
      const before = { ...cloud.calls.all() } as Calls;
      const began = performance.now();
      const changed = changedIn(await tickAt(minute));
      const seconds = (performance.now() - began) / 1000;
      return { services, tick: kind, seconds, ...sums(since(before, cloud.calls.all() as Calls)), changed };
    },
    async close() {
      ports.close();
      await cloud.close();
    },
  };
}

function endpointsOf(endpoint: string, dynamodb: string) {
  return { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, sqs: endpoint, dynamodb };
}

function requestAt(now: number) {
  return {
    shard: '0',
    account: { partition: 'aws', region: REGION, accountId: ACCOUNT_ID },
    owner: `bench ${now}`,
    remainingMs: () => 28_000,
    abort: new AbortController().signal,
  };
}

/** Half of what four tasks can do; of the first service three times as much from a minute on. */
function plantOf(index: number): Plant {
  const steps = BEGINS + (SETTLED_MINUTES + 1) * MINUTE;
  const load: Load = {
    ...{ name: 'steady', startsAt: BEGINS, endsAt: BEGINS + 3_600_000, stepSeconds: 60 },
    rateAt: (at) => (index === 0 && at >= steps ? 380 : 200),
  };
  const name = { cluster: 'prod', service: `s${index}` };
  return createPlant({ load, seed: index, name, desired: 4, withLoadBalancer: false, keepRows: false });
}

/** One policy, written once; the others differ by their names. */
function policiesOf(services: number): PolicySet {
  const set = checkoutPolicies(`
signals: { cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization } }
scaleOut: [{ name: warm, when: 'cpu > 75', add: 2, trueFor: 1 of 1 }]
scaleIn: [{ name: calm, when: 'cpu < 20 && mem < 90', remove: 1, trueFor: 5 of 5 }]`);
  const copies = Array.from({ length: services }, (_, index) =>
    set.services.map((policy) => ({ ...policy, service: `s${index}` })),
  );
  return { ...set, services: copies.flat() };
}

function since(before: Calls, after: Calls): Calls {
  const entries = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

function sums(calls: Calls): Pick<TickMeasured, 'reads' | 'writes' | 'calls'> {
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (calls[name] ?? 0), 0);
  return { reads: sum(READS), writes: sum(WRITES), calls };
}

function changedIn(report: TickReport): number {
  return report.kind === 'ticked' ? report.entries.filter(({ outcome }) => outcome === 'changed').length : 0;
}
