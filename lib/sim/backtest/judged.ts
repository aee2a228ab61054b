/** What a turn learns of the load, for a picture: the same datapoints, tasks and limit by which the tally judges. */
import type { Beside } from '../../counterfactual/counterfactual.ts';
import { tasksOf } from '../../counterfactual/rescale.ts';
import { isCpu } from '../../counterfactual/treatment.ts';
import { yardstickOf } from '../../counterfactual/yardstick.ts';
import type { Datapoint, Observation } from '../../policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../../policy/policy.ts';
import type { ReplayRow } from './replay.ts';

/** One datapoint of what tells overload. Overloaded is who has fewer tasks than are needed. */
export interface JudgedPeriod {
  readonly at: EpochMs;
  readonly seconds: number;
  /** Tasks that the load would keep at the limit. */
  readonly needed: number;
  readonly tasks: number;
  readonly ourTasks: number;
  /** Percent of CPU, as it was and as it would have been; absent where something else tells overload. */
  readonly cpu?: number;
  readonly ourCpu?: number;
}

/** @param idle percent of CPU that tasks use without work, as far as it was known before this look */
export function judgedPeriods(
  policy: ServicePolicy,
  real: Observation,
  seen: Beside,
  judgedTo: EpochMs,
  idle: number,
): readonly JudgedPeriod[] {
  const yardstick = yardstickOf(policy, idle);
  const reading = yardstick === undefined ? undefined : real.signals[yardstick.signal];
  if (yardstick === undefined || reading?.status !== 'complete') return [];
  const byCpu = isCpu(policy.signals[yardstick.signal]);
  const own = new Map(seen.observation.signals[yardstick.signal]?.values.map((point) => [point[0], point[1]]));
  const { periodSeconds: seconds } = reading;
  return reading.values.flatMap((point: Datapoint): JudgedPeriod[] => {
    const [at, value] = point;
    const tasks = at < judgedTo ? undefined : tasksOf(point, seconds * 1000, seen.virtual.running);
    if (tasks === undefined) return [];
    const needed = yardstick.needed(value, tasks.real);
    const ourTasks = tasks.same ? tasks.real : tasks.virtual;
    const busy = byCpu ? { cpu: value, ourCpu: own.get(at) ?? value } : {};
    return [{ at, seconds, needed, tasks: tasks.real, ourTasks, ...busy }];
  });
}

/** The periods of a policy's replay as they would have been with the tasks of another one: judged by the same measure. */
export function judgedAlike(
  measure: readonly JudgedPeriod[],
  other: { readonly rows: readonly ReplayRow[]; readonly judged: readonly JudgedPeriod[] },
): readonly JudgedPeriod[] {
  const tasksAt = new Map(other.rows.map(({ at, ourTasks }) => [at, ourTasks]));
  const cpuAt = new Map(other.judged.map(({ at, cpu, ourCpu }) => [at, { cpu, ourCpu }]));
  return measure.map(({ at, seconds, needed, tasks }) => {
    const { cpu, ourCpu } = cpuAt.get(at) ?? {};
    const busy = cpu === undefined || ourCpu === undefined ? {} : { cpu, ourCpu };
    return { at, seconds, needed, tasks, ourTasks: tasksAt.get(at) ?? tasks, ...busy };
  });
}

export function overloadedSeconds(judged: readonly JudgedPeriod[]): number {
  return judged.reduce((sum, { needed, ourTasks, seconds }) => sum + (needed > ourTasks ? seconds : 0), 0);
}
