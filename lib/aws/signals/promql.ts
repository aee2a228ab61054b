/**
 * A number from a Prometheus: plain, Amazon Managed Service for Prometheus, or CloudWatch's own PromQL.
 *
 * A query is evaluated at the end of each settled period, and Prometheus gives it the last sample of up to five minutes before. So every
 * value comes with the time of the newest sample behind it, and one that is not of its period is left out: it has no age of its own.
 */
import type { SignalQuery } from '../../loop/ports.ts';
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { EpochMs, SignalSource } from '../../policy/policy.ts';
import { answerTo, pointsWithin } from './metric-reading.ts';
import type { Planning } from './plan.ts';
import { scopeFor } from './promql/endpoints.ts';
import { scopedTo, selectorsOf } from './promql/selectors.ts';
import { type Answers, type Recipe, type SeriesRecipe, unread } from './recipe.ts';
import { settledWindow } from './window.ts';
import { worst } from './worst.ts';

export function planPromql(query: SignalQuery, source: SignalSource & { kind: 'promql' }, planning: Planning): Recipe {
  const { spec, periods } = query;
  const { periodSeconds, scale } = spec;
  const endpoint = planning.facts.prometheus?.[source.from];
  if (endpoint === undefined) return unread(spec, `no Prometheus is called ${source.from}`);
  const written = selectorsOf(source.query);
  if (written === undefined) return unread(spec, 'a bracket or a quote of its query is never closed');
  const scope = scopeFor(endpoint, query);
  const unscoped = Object.keys(scope).length === 0 ? written.find(({ scoped }) => !scoped) : undefined;
  if (unscoped !== undefined) {
    return unread(spec, `${unscoped.text} names no label, so it would read the series of every service; add one`);
  }
  const expression = scopedTo(source.query, written, scope);
  const present = (selectorsOf(expression) ?? []).filter(({ past }) => !past);
  if (present.length === 0) return unread(spec, 'it selects no present series, so nothing says how old its number is');
  const window = settledWindow(spec, periods, planning.now);
  const selectors = present.map(({ text }) => text);
  const ids = planning.promql.want(source.from, expression, selectors, periodSeconds, window);
  return { kind: 'series', ...ids, ...window, periodSeconds, scale };
}

/** A sample a little older than the period may still be the period's: scrapes do not come to the second. */
const AGE_TOLERANCE = 1.5;

export function readSeries(recipe: SeriesRecipe, answers: Answers): Reading {
  const { id, ageIds, periodSeconds, scale, start, end } = recipe;
  const periodMs = periodSeconds * 1000;
  const value = answerTo(id, answers);
  const ages = value.status === 'complete' ? ageIds.map((one) => answerTo(one, answers)) : [];
  const status = worst(value.status, ...ages.map((one) => one.status));
  const cause = [value, ...ages].find((one) => one.status === status)?.cause;
  if (status !== 'complete') return { status, periodSeconds, values: [], cause: cause ?? `it answered ${status}` };

  // A step is the end of its period.
  const steps = pointsWithin(value, { start: start + 1, end: end + 1 });
  const aged = steps.map(([at, number]) => ({ at, number, sampledAt: sampledAt(at, ages) }));
  const newest = aged.at(-1);
  const fault = (clause: string): Reading => ({ status: 'failed', periodSeconds, values, cause: clause });
  const values = aged
    .filter(
      ({ at, number, sampledAt: own }) =>
        Number.isFinite(number) && own !== undefined && own > at - AGE_TOLERANCE * periodMs,
    )
    .map(({ at, number }): Datapoint => [at - periodMs, number * scale]);
  if (newest === undefined) return { status, periodSeconds, values };
  if (newest.sampledAt === undefined) return fault('its value has no age: no sample stands behind it');
  if (!Number.isFinite(newest.number))
    return fault(`its value is ${newest.number}, not a number that could be compared`);
  return { status, periodSeconds, values };
}

/** Time of the oldest of the newest samples behind a value; selectors that find no series at all do not count. */
function sampledAt(
  at: EpochMs,
  ages: readonly { readonly points: ReadonlyMap<EpochMs, number> }[],
): EpochMs | undefined {
  const times = ages.flatMap(({ points }) => points.get(at) ?? []).filter(Number.isFinite);
  return times.length === 0 ? undefined : Math.min(...times) * 1000;
}
