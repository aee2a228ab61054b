/** Signals from CloudWatch: plan, ask, and put each signal's reading together. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Signals } from '../loop/ports.ts';
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs } from '../policy/policy.ts';
import { inParallel } from './batches.ts';
import { askCall, type Series } from './signal-pages.ts';
import { type PlannedReading, planQueries } from './signal-plan.ts';

/** The account has 500 calls a second and 180,000 datapoints a second; a call of 500 queries over 15 periods is 7,500. */
const CALLS_AT_ONCE = 4;
/** One bad query among 500 takes 9 halvings to find. */
const MOST_HALVINGS = 36;

export function awsSignals(client: CloudWatchClient, callMs: number): Signals {
  return {
    async read(queries, now, abort) {
      abort.throwIfAborted();
      const plan = planQueries(queries, now);
      const asking = { client, callMs, abort, halvings: { left: MOST_HALVINGS } };
      const answers = await inParallel(CALLS_AT_ONCE, plan.calls, (call) => askCall(call, asking));
      const series = new Map(answers.flat());
      return plan.readings.map((reading) => readingOf(reading, series));
    },
  };
}

function readingOf(planned: PlannedReading, series: ReadonlyMap<string, Series>): Reading {
  const { periodSeconds } = planned;
  if (planned.kind === 'unsupported') return { status: 'failed', periodSeconds, values: [], cause: planned.cause };
  const answer = series.get(planned.id);
  if (answer === undefined) return { status: 'failed', periodSeconds, values: [], cause: 'it was not asked for' };

  const tasks = planned.tasksId === undefined ? undefined : series.get(planned.tasksId)?.points;
  const read = [...answer.points]
    .filter(([at]) => at >= planned.start && at < planned.end)
    .sort(([a], [b]) => a - b)
    .map(([at, value]): Datapoint => {
      const made = tasksOf(at, periodSeconds, tasks);
      return made === undefined ? [at, value * planned.scale] : [at, value * planned.scale, made];
    });
  const values = read.filter(([, value]) => Number.isFinite(value));
  const { status, cause } = answer;
  if (cause !== undefined) return { status, periodSeconds, values, cause };
  if (values.length === read.length) return { status, periodSeconds, values };
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
