/** Finds values of signals for which something holds, by trying them one signal at a time: what already fails is not pursued. */
import { FALSE, type Ternary, TRUE } from '../ternary.ts';
import type { Point } from './steady.ts';

export interface Question {
  /** In the order in which they are tried. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Must answer for a part of the signals: unknown until the missing ones matter no more. */
  readonly holds: (point: Point) => Ternary;
}

/** How often a search may still ask; shared by all searches of one rule over one service. */
export interface Tries {
  left: number;
}

/** Enough for rules of four or five signals each; what is not found within it is taken as not to be found. */
export function someTries(): Tries {
  return { left: 20_000 };
}

/** A single search may use so many of them, so that one hopeless question leaves some for the others. */
const MOST_AT_ONCE = 4_000;

/** The first point at which it holds, with only the signals that matter. */
export function findPoint({ values, holds }: Question, tries: Tries): Point | undefined {
  const names = Object.keys(values);
  const stopAt = Math.max(0, tries.left - MOST_AT_ONCE);
  const visit = (point: Point, depth: number): Point | undefined => {
    tries.left -= 1;
    const truth = holds(point);
    if (truth === TRUE) return point;
    const name = names[depth];
    if (truth === FALSE || name === undefined) return undefined;
    for (const value of values[name] ?? []) {
      if (tries.left <= stopAt) return undefined;
      const found = visit({ ...point, [name]: value }, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = tries.left > 0 ? visit({}, 0) : undefined;
  return found === undefined ? undefined : withoutIdle(found, holds);
}

/** A signal that was tried on the way and does not matter is not named. */
function withoutIdle(point: Point, holds: Question['holds']): Point {
  let least = point;
  for (const name of Object.keys(point)) {
    const { [name]: _, ...rest } = least;
    if (holds(rest) === TRUE) least = rest;
  }
  return least;
}
