/** Where a service rests under a constant load, and how long its way there may take: worked out from the policies' numbers alone. */
import type { EpochMs } from '../../lib/policy/policy.ts';
import type { Kind } from './policies.ts';
import type { World } from './world.ts';

interface Pace {
  /** Ticks from one step to the next. */
  readonly outTicks: number;
  readonly inTicks: number;
  /** The most that may be given back at once. */
  readonly give: (count: number) => number;
}

const careful = (outTicks: number): Pace => ({
  outTicks,
  // Cooldown 2 min and window 3 min run together; three periods in a row, one of them after the step.
  inTicks: 7,
  give: (count) => Math.max(1, Math.floor(count * 0.2)),
});
const brisk = (outTicks: number): Pace => ({
  outTicks,
  inTicks: 5,
  give: (count) => Math.max(2, Math.floor(count * 0.5)),
});

/** Beside the start time: one tick sees the tasks, a period after that must end and settle; `warm` waits two minutes more. */
const PACES: Readonly<Record<Kind, Pace>> = {
  steps: careful(6),
  eager: brisk(4),
  cpuTarget: careful(4),
  rpsTarget: brisk(4),
  mixed: brisk(4),
};

/** The count that a rule or target asks for at `count`; the same where nothing asks. */
const WISHES: Readonly<Record<Kind, (load: number, count: number) => number>> = {
  steps: (load, count) => {
    if (cpuOf(load, count) > 80) return emergency(count);
    if (cpuOf(load, count) > 70) return count + 1;
    return cpuOf(load, count) < 40 ? count - 1 : count;
  },
  eager: (load, count) => {
    if (cpuOf(load, count) > 80) return emergency(count);
    return cpuOf(load, count) < 40 ? count - 2 : count;
  },
  cpuTarget: (load, count) => targetOf((cpuOf(load, count) * count) / 50, count),
  rpsTarget: (load, count) => targetOf(load / 50, count),
  mixed: (load, count) => {
    const target = targetOf(load / 50, count);
    if (cpuOf(load, count) > 80) return Math.max(target, emergency(count));
    if (target > count) return target;
    if (cpuOf(load, count) >= 40) return target;
    return Math.min(count, target < count ? Math.max(count - 1, target) : Math.max(count - 1, Math.ceil(load / 50)));
  },
};

const cpuOf = (load: number, count: number) => Math.min(100, load / count);
const emergency = (count: number) => count + Math.max(2, Math.ceil(count / 2));

function targetOf(demand: number, count: number): number {
  const wish = Math.ceil(demand - 1e-9);
  if (wish > count) return demand <= count * 1.1 ? count : wish;
  return count - demand <= Math.max(count * 0.1, 1) ? count : wish;
}

/** Where the service goes next. */
function next(
  kind: Kind,
  load: number,
  count: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (count < min) return min;
  const wish = Math.min(max, Math.max(min, WISHES[kind](load, count)));
  const { give } = PACES[kind];
  return Math.max(wish, Math.min(count, count - give(count)));
}

/** A human's zero is a pause until somebody ends it. */
function isPaused(world: World, arn: string): boolean {
  const last = world.plants.get(arn)?.counts().at(-1);
  return last?.desired === 0 && last.by === 'them';
}

interface Service {
  readonly arn: string;
  readonly kind: Kind;
  readonly load: number;
  readonly count: number;
  readonly startMs: number;
  readonly capacity: { readonly min: number; readonly max: number };
}

function servicesAt(world: World, at: EpochMs): readonly Service[] {
  const { services } = world.policies();
  return [...world.plants.values()].map((plant, index) => ({
    arn: plant.arn,
    kind: world.kinds[index] ?? 'steps',
    load: plant.loadAt(at),
    count: plant.desiredAt(at),
    startMs: plant.startMs,
    capacity: services[index]?.capacity ?? { min: 0, max: 0 },
  }));
}

/** Those that ask for another count than they have. */
export function restless(world: World, at: EpochMs): readonly string[] {
  return servicesAt(world, at).flatMap(({ arn, kind, load, count, capacity }) => {
    const wish = next(kind, load, count, capacity);
    return wish === count || isPaused(world, arn) ? [] : [`${arn} is at ${count} and should go to ${wish}`];
  });
}

/** A lease and an intent left behind, a window that begins anew, a first verification. */
const FIRST_TICKS = 8;
/** Nothing may move in these, at the end. */
export const REST_TICKS = 6;
/** A count outside the bounds that somebody else set stands so long. */
const FOREIGN_TICKS = 61;

export function ticksToRest(world: World, since: EpochMs): number {
  return FIRST_TICKS + REST_TICKS + Math.max(...servicesAt(world, since).map((one) => wayOf(world, one)));
}

function wayOf(world: World, { arn, kind, load, count, startMs, capacity }: Service): number {
  if (isPaused(world, arn)) return 0;
  const { outTicks, inTicks } = PACES[kind];
  let ticks = count < capacity.min || count > capacity.max ? FOREIGN_TICKS : 0;
  for (let at = count, steps = 0; steps < 100; steps++) {
    const then = next(kind, load, at, capacity);
    if (then === at) break;
    ticks += then > at ? outTicks + Math.ceil(startMs / 60_000) : inTicks;
    at = then;
  }
  return ticks;
}
