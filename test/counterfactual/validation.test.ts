/**
 * Is the counterfactual true? The same policy acts on a plant, and runs in shadow beside another scaler on the same load and chance: what
 * the shadow says it would have done is compared with what it did. The bounds are those of docs/shadow.md; they were set on seeds 3 and 11
 * to 15, and are held against two others.
 */
import { describe, expect, test } from '@jest/globals';
import { dayWithFlashCrowd } from '../../lib/sim/generate.ts';
import { createTargetTracking } from '../../lib/sim/peers/aws/target-tracking.ts';
import { act, meanDistance, nobody, type Other, type Outcome, peer, type Run, type Shadowed, shadow } from './runs.ts';

const SEEDS = [21, 22] as const;
/** Until the shadow has left the count it began at. */
const SETTLED_MINUTES = 60;
const CAPACITY = 'capacity: { min: 2, max: 60 }';
const CPU = 'signals: { cpu: { ecs: CPUUtilization } }';
const CALM = "scaleIn: [{ name: calm, when: 'cpu < 40', removePercent: 10, atLeast: 1, trueFor: 6 of 6 }]";

/** The targets leave so little room that they are overloaded for tens of minutes: there is something to be wrong about. */
const POLICIES = {
  'a tight target on CPU': [CAPACITY, CPU, 'targets: [{ signal: cpu, perTask: 80 }]'],
  'a tight target on requests': [
    CAPACITY,
    'signals: { cpu: { ecs: CPUUtilization }, rps: { alb: RequestCount, per: second } }',
    'targets: [{ signal: rps, perTask: 80 }]',
  ],
  'steps on CPU': [
    CAPACITY,
    CPU,
    'scaleOut:',
    "  - { name: emergency, when: 'cpu > 85', addPercent: 50, atLeast: 2, trueFor: 1 of 1 }",
    "  - { name: warm, when: 'cpu > 65', addPercent: 20, atLeast: 1, trueFor: 2 of 3 }",
    CALM,
  ],
  'steps on latency': [
    CAPACITY,
    'signals: { cpu: { ecs: CPUUtilization }, p95: { alb: TargetResponseTime, stat: p95 } }',
    "scaleOut: [{ name: slow, when: 'p95 > 200 && cpu > 40', addPercent: 30, atLeast: 2, trueFor: 1 of 2 }]",
    CALM,
  ],
} as const;
type PolicyName = keyof typeof POLICIES;

/** Mean distance of the counts and distance of the task-hours, as shares of the act run's. */
interface Bound {
  readonly counts: number;
  readonly cost: number;
}

interface Beside {
  readonly desired: number;
  readonly other: () => Other;
  readonly within: Readonly<Record<PolicyName, Bound>>;
}

const near: Bound = { counts: 0.05, cost: 0.04 };
const besideTracking = {
  'a tight target on CPU': near,
  'a tight target on requests': near,
  'steps on CPU': near,
  'steps on latency': { counts: 0.15, cost: 0.12 },
};
const tracking = (target: number): Beside => ({
  desired: 8,
  other: () => peer(createTargetTracking({ target })),
  within: besideTracking,
});

const OTHERS: Readonly<Record<string, Beside>> = {
  'target tracking at 50 %': tracking(50),
  'target tracking at 75 %, itself overloaded': tracking(75),
  'a fixed fleet of 40, four times what is needed': {
    desired: 40,
    other: () => nobody,
    within: {
      'a tight target on CPU': { counts: 0.25, cost: 0.3 },
      'a tight target on requests': { counts: 0.05, cost: 0.16 },
      'steps on CPU': { counts: 0.25, cost: 0.3 },
      'steps on latency': { counts: 0.4, cost: 0.45 },
    },
  },
};
/** The true minutes lie within the bracket of the score, or so many outside of it. */
const MINUTES_OUTSIDE = 4;

const acted = new Map<string, Promise<Outcome>>();

function actOnce(name: PolicyName, seed: number, run: Run): Promise<Outcome> {
  const key = `${name} ${seed}`;
  const known = acted.get(key) ?? act(run);
  acted.set(key, known);
  return known;
}

function withinBound(shadowed: Shadowed, real: Outcome, bound: Bound): void {
  const distance = meanDistance(shadowed.counts.slice(SETTLED_MINUTES), real.counts.slice(SETTLED_MINUTES));
  expect(distance).toBeLessThan(bound.counts);
  expect(Math.abs(shadowed.taskHours / real.taskHours - 1)).toBeLessThan(bound.cost);
  const { least, most } = shadowed.tally.oursBetween;
  expect(real.overloadedMinutes).toBeGreaterThanOrEqual(least / 60 - MINUTES_OUTSIDE);
  expect(real.overloadedMinutes).toBeLessThanOrEqual(most / 60 + MINUTES_OUTSIDE);
}

const names = Object.keys(POLICIES) as readonly PolicyName[];
const cases = names.flatMap((name) => Object.keys(OTHERS).flatMap((who) => SEEDS.map((seed) => ({ name, who, seed }))));

describe('what the shadow would have done is what it does', () => {
  test.each(cases)('$name beside $who, seed $seed', async ({ name, who, seed }) => {
    const { desired, other, within } = OTHERS[who] as Beside;
    const common = { load: dayWithFlashCrowd(seed), policy: POLICIES[name] };
    const real = await actOnce(name, seed, { ...common, plant: { desired: 8, seed } });
    withinBound(await shadow({ ...common, plant: { desired, seed } }, other()), real, within[name]);
  });

  test.each(SEEDS)('the tight policies are overloaded enough to tell, seed %s', async (seed) => {
    for (const name of ['a tight target on CPU', 'a tight target on requests'] as const) {
      const run = { load: dayWithFlashCrowd(seed), policy: POLICIES[name], plant: { desired: 8, seed } };
      expect((await actOnce(name, seed, run)).overloadedMinutes).toBeGreaterThan(9);
    }
  });
});

test('what is said of the other scaler is what it did, as the plant itself knows it', async () => {
  const seen: number[] = [];
  const tracked = peer(createTargetTracking({ target: 75 }));
  const run = { plant: { desired: 8 }, load: dayWithFlashCrowd(3), policy: POLICIES['steps on CPU'] };
  const { tally } = await shadow(run, (plant) => {
    tracked(plant);
    seen.push(plant.view().running);
  });
  const hours = seen.reduce((sum, running) => sum + running, 0) / 60;
  expect(tally.theirs.taskSeconds / 3600 / hours).toBeCloseTo(1, 2);
  expect(tally.theirs.overloadedSeconds).toBeGreaterThan(5 * 60);
  expect(tally.saturatedSeconds).toBeGreaterThan(0);
});
