/**
 * From a threefold step of load to `UpdateService`: the real tick, the real adapters and the unmodified clients against the local cloud and
 * dynalite, in virtual time. Only the moments at which AWS would call us are drawn.
 */
import { awsPorts } from '../../lib/aws/ports.ts';
import { createLocalTable } from '../../lib/cli/local-table.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { ticksOfMinute } from '../../lib/loop/cadence.ts';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import type { ShardEvent } from '../../lib/loop/ports.ts';
import { tick } from '../../lib/loop/tick.ts';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';
import { stream } from '../../lib/sim/chance.ts';
import { createTargetTracking, EVALUATION } from '../../lib/sim/peers/aws/target-tracking.ts';
import { drive } from '../../lib/sim/peers/drive.ts';
import { createPlant, type PlantKind } from '../../lib/sim/plant.ts';
import type { Load, Plant } from '../../lib/sim/types.ts';
import { publishedLater } from './late-plant.ts';

const REGION = 'us-east-1';
const ACCOUNT_ID = '123456789012';
const STARTS_AT = Date.UTC(2026, 10, 20, 8);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The service runs calmly for so long. */
const CALM_MS = 5 * MINUTE;
/** Nobody is as slow as that. */
const GIVEN_UP_MS = 15 * MINUTE;
const TASKS = 10;
const CAPACITY_PER_TASK = 100;
const CALM_RATE = TASKS * CAPACITY_PER_TASK * 0.5;

/** What the world adds: a schedule fires somewhere in its minute and a second around it, queues and the bus take a moment. */
const SCHEDULE_JITTER_SECONDS = 1;
const QUEUE_DELIVERY_SECONDS = { least: 0.1, most: 1 } as const;
const BUS_DELIVERY_SECONDS = { least: 0.2, most: 1.5 } as const;
const PUSH_EVERY_SECONDS = 2;
/** After its period's end, by the length of the period. */
const PUBLISHED_AFTER_SECONDS = { 60: 50, 20: 14 } as const;

export type Way = 'cpu60' | 'cpu20' | 'sqs20' | 'pushed';

interface Setting {
  readonly kind: PlantKind;
  readonly metricPeriodSeconds: 60 | 20;
  readonly policy: string;
}

const SERVICE = `
  - service: prod/checkout
    mode: act
    capacity: { min: 2, max: 100 }`;
const policyOf = (rest: string) => `version: 1\nservices:${SERVICE}\n${rest}`;

function settingOf(way: Way, delays: number): Setting {
  const out = (when: string) => `    scaleOut: [{ name: hot, when: '${when}', addPercent: 100, trueFor: 1 of 1 }]`;
  const delay = (seconds: number) => `publicationDelay: ${seconds * delays}s`;
  switch (way) {
    case 'cpu60':
      return {
        ...{ kind: 'cpu', metricPeriodSeconds: 60 },
        policy: policyOf(`    signals: { cpu: { ecs: CPUUtilization, ${delay(50)} } }\n${out('cpu > 70')}`),
      };
    case 'cpu20':
      return {
        ...{ kind: 'cpu', metricPeriodSeconds: 20 },
        policy: policyOf(
          `    cadence: 20s\n    signals: { cpu: { ecs: CPUUtilization, period: 20s, ${delay(15)} } }\n${out('cpu > 70')}`,
        ),
      };
    case 'sqs20':
      return {
        ...{ kind: 'queue', metricPeriodSeconds: 60 },
        policy: policyOf(`    cadence: 20s\n    signals: { jobs: { sqs: checkout-jobs } }\n${out('jobs > 200')}`),
      };
    case 'pushed':
      return {
        ...{ kind: 'cpu', metricPeriodSeconds: 60 },
        policy: policyOf(`    signals: { load: { pushed: true } }\n${out(`load > ${CALM_RATE * 1.4}`)}`),
      };
  }
}

/** Three times the load from `stepAt` on. */
function stepLoad(stepAt: number): Load {
  return {
    ...{ name: 'a threefold step', startsAt: STARTS_AT, endsAt: stepAt + GIVEN_UP_MS, stepSeconds: 1 },
    rateAt: (at) => (at < stepAt ? CALM_RATE : 3 * CALM_RATE),
  };
}

function plantOf(
  setting: Pick<Setting, 'kind' | 'metricPeriodSeconds'>,
  stepAt: number,
  seed: number,
  delays: number,
): Plant {
  const { kind, metricPeriodSeconds } = setting;
  const load = stepLoad(stepAt);
  const common = { load, seed, kind, metricPeriodSeconds, desired: TASKS, capacityPerTask: CAPACITY_PER_TASK };
  const plant = createPlant(common);
  return delays === 1
    ? plant
    : publishedLater(plant, (period) => (delays - 1) * PUBLISHED_AFTER_SECONDS[period < 60 ? 20 : 60]);
}

/** An invocation: a sweep, another tick of its minute, or an event. */
interface Invocation {
  readonly at: number;
  readonly scheduledAt?: number;
  readonly dueAt?: number;
  readonly events?: readonly ShardEvent[];
}

/** Seconds from the step to the change, one run a seed. `delays`: publication takes so many times as long. */
export async function reactions(way: Way, seeds: number, delays = 1): Promise<readonly number[]> {
  const setting = settingOf(way, delays);
  const set = parsePolicies([{ name: `${way}.yaml`, text: setting.policy }]);
  const found: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) found.push(await reaction(way, setting, set, seed, delays));
  return found.sort((a, b) => a - b);
}

async function reaction(way: Way, setting: Setting, set: PolicySet, seed: number, delays: number): Promise<number> {
  const uniform = stream(seed, `bench ${way}`);
  const stepAt = STARTS_AT + CALM_MS + uniform() * MINUTE;
  const plant = plantOf(setting, stepAt, seed, delays);
  const clock = manualClock(STARTS_AT);
  const cloud = await startLocalCloud({ plants: [plant], account: ACCOUNT_ID, region: REGION });
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'schmitt');
  const { endpoint, dynamoEndpoint } = cloud;
  const ports = awsPorts({
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, sqs: endpoint, dynamodb: dynamoEndpoint },
    tableName: 'schmitt',
    policies: { load: async () => set },
    clock,
  });
  try {
    for (const invocation of invocations(way, set, stepAt, uniform)) {
      const { at, ...asked } = invocation;
      plant.advanceTo(at);
      clock.set(at);
      const account = { partition: 'aws', region: REGION, accountId: ACCOUNT_ID };
      const { signal: abort } = new AbortController();
      await tick(ports, { shard: '0', account, owner: `${at}`, remainingMs: () => 29_000, abort, ...asked });
      if (plant.view().desired > TASKS) return (at - stepAt) / SECOND;
    }
    throw new Error(`${way}, seed ${seed}: nobody reacted within ${GIVEN_UP_MS / MINUTE} minutes`);
  } finally {
    ports.close();
    await cloud.close();
  }
}

/** In the order of time, from a few minutes before the step on. */
function invocations(way: Way, set: PolicySet, stepAt: number, uniform: () => number): readonly Invocation[] {
  const phaseMs = uniform() * MINUTE;
  const between = ({ least, most }: { least: number; most: number }) => (least + uniform() * (most - least)) * SECOND;
  const all: Invocation[] = [];
  for (let minute = STARTS_AT + MINUTE; minute < stepAt + GIVEN_UP_MS - 2 * MINUTE; minute += MINUTE) {
    const first = minute + phaseMs + uniform() * SCHEDULE_JITTER_SECONDS * SECOND;
    all.push({ at: first, scheduledAt: minute, dueAt: minute });
    for (const { dueAt } of ticksOfMinute(set.services, minute, first)) {
      all.push({ at: dueAt + between(QUEUE_DELIVERY_SECONDS), scheduledAt: first, dueAt });
    }
  }
  if (way === 'pushed')
    all.push(...pushes(stepAt, uniform() * PUSH_EVERY_SECONDS * SECOND, () => between(BUS_DELIVERY_SECONDS)));
  return all.map((one) => ({ ...one, at: Math.round(one.at) })).sort((a, b) => a.at - b.at);
}

/** The application says its own requests per second, of the seconds since it said it last. */
function pushes(stepAt: number, phaseMs: number, delivery: () => number): readonly Invocation[] {
  const everyMs = PUSH_EVERY_SECONDS * SECOND;
  return Array.from({ length: 40 }, (_, i) => {
    const at = Math.round(stepAt - 10 * everyMs + phaseMs + i * everyMs);
    const share = Math.min(1, Math.max(0, (at - stepAt) / everyMs));
    const value = CALM_RATE * (1 + 2 * share);
    const event: ShardEvent = {
      id: `push ${i}`,
      at,
      cluster: 'prod',
      service: 'checkout',
      kind: 'pushed',
      signal: 'load',
      value,
    };
    return { at: at + delivery(), events: [event] };
  });
}

/** The model of AWS's own target tracking on CPU, on the same steps. */
export function trackingReactions(periodSeconds: 60 | 20, seeds: number, delays = 1): readonly number[] {
  return Array.from({ length: seeds }, (_, i) => {
    const uniform = stream(i + 1, `bench tracking ${periodSeconds}`);
    const stepAt = STARTS_AT + CALM_MS + uniform() * MINUTE;
    const plant = plantOf({ kind: 'cpu', metricPeriodSeconds: periodSeconds }, stepAt, i + 1, 1);
    // The model waits from publication to evaluation: what is published later is evaluated as much later.
    const { evaluationDelaySeconds } = EVALUATION[periodSeconds];
    const later = (delays - 1) * PUBLISHED_AFTER_SECONDS[periodSeconds];
    const peer = createTargetTracking({
      ...{ target: 70, periodSeconds, evaluationDelaySeconds: evaluationDelaySeconds + later },
    });
    const { changes } = drive({ peer, plant, load: stepLoad(stepAt), capacity: { min: 2, max: 100 } });
    const first = changes.find(({ at, to, from }) => at > stepAt && to > from);
    if (first === undefined) throw new Error(`target tracking at ${periodSeconds} s did not react`);
    return (first.at - stepAt) / SECOND;
  }).sort((a, b) => a - b);
}

/** Nearest rank, of sorted values. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
