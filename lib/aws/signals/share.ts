/** One signal in percent of another, from two readings, period by period: 5xx answers of all requests. */
import type { SignalQuery } from '../../loop/ports.ts';
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { SignalSource } from '../../policy/policy.ts';
import { silenceIsZero } from './alb.ts';
import type { Planning } from './plan.ts';
import { type Recipe, type ShareRecipe, unread } from './recipe.ts';
import { worst } from './worst.ts';

/** Sources without a history have no earlier periods that could be compared. */
const COMPARABLE: ReadonlySet<SignalSource['kind']> = new Set(['ecs', 'alb', 'cloudwatch', 'math', 'promql']);

export function planShare(query: SignalQuery, source: SignalSource & { kind: 'share' }, planning: Planning): Recipe {
  const { spec, periods } = query;
  const whole = planning.sibling(query, source.of);
  if (whole === undefined) return unread(spec, `${source.of}, of which it is a share, is not read`);
  for (const { kind } of [source.part, whole.spec.source]) {
    if (!COMPARABLE.has(kind)) return unread(spec, `a share compares periods, and ${kind} has no history of them`);
  }
  const { periodSeconds } = spec;
  if (whole.spec.periodSeconds !== periodSeconds) {
    const periodsOfBoth = `${periodSeconds} s and ${whole.spec.periodSeconds} s`;
    return unread(spec, `it and ${source.of} have periods of ${periodsOfBoth}; give both the same`);
  }
  // What settles later decides over both, so that no part is divided by a whole that may still change.
  const publicationDelaySeconds = Math.max(spec.publicationDelaySeconds, whole.spec.publicationDelaySeconds);
  const both = { publicationDelaySeconds, averagedOverTasks: false };
  const part = planning.plan({ ...query, spec: { ...spec, ...both, source: source.part } });
  const of = planning.plan({ ...whole, periods, spec: { ...whole.spec, ...both } });
  const silentPartIsZero = silenceIsZero(source.part);
  return { kind: 'share', periodSeconds, part, of, ofName: source.of, silentPartIsZero };
}

export function readShare(recipe: ShareRecipe, read: (recipe: Recipe) => Reading): Reading {
  const part = read(recipe.part);
  const of = read(recipe.of);
  const parts = new Map(part.values.map(([at, value]) => [at, value]));
  const values = of.values.flatMap(([at, whole]): Datapoint[] => {
    const one = parts.get(at) ?? (recipe.silentPartIsZero ? 0 : undefined);
    // Of nothing there is no share.
    return one === undefined || whole <= 0 ? [] : [[at, (100 * one) / whole]];
  });
  const status = worst(part.status, of.status);
  if (status === 'complete') return { status, periodSeconds: recipe.periodSeconds, values };
  const cause =
    part.status === status ? (part.cause ?? status) : `${recipe.ofName}, of which it is a share: ${of.cause ?? status}`;
  return { status, periodSeconds: recipe.periodSeconds, values, cause };
}
