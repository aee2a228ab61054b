/** Two schedule windows that set the same bound and are open together: one of them does not count, and the reader should know which. */
import type { ScheduledBounds } from '../policy.ts';
import { comparedFrom, firstOverlap, momentText } from './overlap.ts';
import type { Finding, LintRule, Subject } from './warning.ts';

export const overlappingSchedules: LintRule = {
  name: 'overlapping-schedules',
  find: (subject) => {
    const { schedule } = subject.policy;
    return schedule.flatMap((later, index) =>
      schedule.slice(0, index).flatMap((earlier) => findingsOf(subject, earlier, later, index)),
    );
  },
};

const BOUNDS = ['min', 'max', 'desired'] as const;
type Bound = (typeof BOUNDS)[number];

/** `boundsAt` says so: floors add safety, ceilings protect what lies behind. */
const WINS: Readonly<Record<Bound, 'higher' | 'lower'>> = { min: 'higher', max: 'lower', desired: 'higher' };

function findingsOf(subject: Subject, a: ScheduledBounds, b: ScheduledBounds, index: number): readonly Finding[] {
  const shared = BOUNDS.filter((bound) => a[bound] !== undefined && b[bound] !== undefined && a[bound] !== b[bound]);
  if (shared.length === 0) return [];
  // Two floors one after the other also meet for the start time by which a floor begins early; that is how they are meant.
  const at = firstOverlap(a, b, comparedFrom(subject));
  return at === undefined ? [] : shared.map((bound) => findingOf(a, b, bound, at, index));
}

function findingOf(a: ScheduledBounds, b: ScheduledBounds, bound: Bound, at: number, index: number): Finding {
  const values = [a[bound] ?? 0, b[bound] ?? 0] as const;
  const wins = WINS[bound] === 'higher' ? Math.max(...values) : Math.min(...values);
  const [winner, loser] = wins === values[0] ? [a, b] : [b, a];
  const both = `'${a.name}' (${bound} ${values[0]}) and '${b.name}' (${bound} ${values[1]}) are both open at ${momentText(at, b.timezone)}`;
  const sentence = `${both}: the ${WINS[bound]} ${bound} counts, ${wins} of '${winner.name}'; end '${loser.name}' before, or delete its ${bound}`;
  return { path: ['schedule', index, bound], sentence };
}
