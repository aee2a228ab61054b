/**
 * A fall to zero of a signal that never is: more often a broken exporter or a lost target group than a service without load. Scale-in asks
 * for a second signal that fell too. What stays at zero for the whole window is believed, so that nothing holds for ever.
 */
import type { Datapoint } from './observation.ts';
import type { SignalSource } from './policy.ts';
import type { Series, Window } from './series.ts';

/** How far back "never" reaches; at least so many periods of these signals are read. */
export const PLAUSIBILITY_PERIODS = 15;
/** Fewer earlier values than this are no habit. */
const HABIT = 5;
/** A second signal confirms the fall where it is at most this share of its own median. */
const CONFIRMS = 0.5;

/** Loads that a serving service always shows. A queue runs empty, an error count is happily zero. */
export function isLoad(source: SignalSource): boolean {
  switch (source.kind) {
    case 'ecs':
    case 'cloudwatch':
    case 'promql':
      return true;
    case 'alb':
      return source.metric.startsWith('RequestCount');
    default:
      return false;
  }
}

/** One clause a signal whose zero nobody confirms. */
export function implausibleZeros(window: Window): readonly string[] {
  const loads = Object.values(window.series)
    .filter((one) => one.freshEndAt !== undefined && isLoad(one.spec.source))
    // By name, since the order in which signals are declared decides nothing.
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const fallen = loads.filter(({ points }) => fellToZero(points));
  return fallen.flatMap((one) => {
    const others = loads.filter((other) => other !== one && !fallen.includes(other));
    if (others.some(hasFallen) || fallen.length > 1) return [];
    const witness = others[0];
    if (witness === undefined) return [`${one.name} fell to 0, which it never is, and no other signal confirms it`];
    return [`${one.name} fell to 0 while ${witness.name} stays at ${shown(newest(witness))}`];
  });
}

/** Zeros at the end, and before them only values that are not. */
function fellToZero(points: readonly Datapoint[]): boolean {
  const seen = points.slice(-PLAUSIBILITY_PERIODS);
  const habit = seen.findIndex(([, value]) => value === 0);
  return habit >= HABIT && seen.slice(habit).every(([, value]) => value === 0);
}

function hasFallen(one: Series): boolean {
  const seen = one.points.slice(-PLAUSIBILITY_PERIODS).map(([, value]) => value);
  const median = [...seen].sort((a, b) => a - b)[Math.floor(seen.length / 2)] ?? 0;
  return newest(one) <= median * CONFIRMS;
}

function newest({ points }: Series): number {
  return points[points.length - 1]?.[1] ?? Number.NaN;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
