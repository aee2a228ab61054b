/** One series of CloudWatch as a reading: within its window, scaled, with the tasks behind each datapoint. */
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import type { Answer, Answers, MetricRecipe } from './recipe.ts';
import type { Window } from './window.ts';
import { worst } from './worst.ts';

export function readMetric(recipe: MetricRecipe, answers: Answers): Reading {
  const { id, tasksId, samplesId, madeOf = [], periodSeconds, scale } = recipe;
  const answer = answerTo(id, answers);
  const counts = tasksId === undefined ? undefined : answers.series.get(tasksId)?.points;
  const points = pointsWithin(answer, recipe).map(([at, value]): Datapoint => {
    const made = tasksOf(at, periodSeconds, counts);
    return made === undefined ? [at, value * scale] : [at, value * scale, made];
  });
  const ids = [...madeOf, ...(samplesId === undefined ? [] : [samplesId])];
  const reading = judged(points, [answer, ...ids.map((one) => answerTo(one, answers))], periodSeconds);
  if (samplesId === undefined) return reading;
  return { ...reading, samples: pointsWithin(answerTo(samplesId, answers), recipe) };
}

export function answerTo(id: string, answers: Answers): Answer {
  return answers.series.get(id) ?? { status: 'failed', cause: 'it was not asked for', points: new Map() };
}

/** Oldest first. What lies outside was read for another signal, or is not settled. */
export function pointsWithin({ points }: Answer, { start, end }: Window): (readonly [EpochMs, number])[] {
  return [...points].filter(([at]) => at >= start && at < end).sort(([a], [b]) => a - b);
}

/** The values that are numbers, worth as much as the worst of the answers they come from. */
export function judged(points: readonly Datapoint[], from: readonly Answer[], periodSeconds: number): Reading {
  const values = points.filter(([, value]) => Number.isFinite(value));
  const status = worst(...from.map((one) => one.status));
  const cause = from.find((one) => one.status === status)?.cause;
  if (status !== 'complete') return { status, periodSeconds, values, cause: cause ?? `the source answered ${status}` };
  if (values.length === points.length) return { status, periodSeconds, values };
  return { status: 'failed', periodSeconds, values, cause: 'CloudWatch answered with a value that is not a number' };
}

/**
 * The mean of the counts within the period, which are as many as the metric resolves to. Undefined where nobody counted: then the
 * count that was in force is used.
 */
function tasksOf(
  start: EpochMs,
  periodSeconds: number,
  counts: ReadonlyMap<EpochMs, number> | undefined,
): number | undefined {
  const within = [...(counts ?? [])]
    .filter(([at, count]) => at >= start && at < start + periodSeconds * 1000 && Number.isFinite(count) && count > 0)
    .map(([, count]) => count);
  return within.length === 0 ? undefined : within.reduce((sum, count) => sum + count, 0) / within.length;
}
