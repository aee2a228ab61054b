/** What overload is for a service, as far as its policy tells: the one number by which both counts are judged. */
import type { ServicePolicy } from '../policy/policy.ts';
import { workOf } from './backlog.ts';
import { isCpu } from './treatment.ts';

export interface Yardstick {
  readonly signal: string;
  /** What an overloaded minute is, as a clause. */
  readonly words: string;
  /** Tasks that a datapoint asks for at the limit: with fewer the minute is overloaded. `tasks`: those that made it. */
  needed(value: number, tasks: number): number;
}

/** Percent of CPU, mean of all tasks: above it some of them are full. */
const OVERLOADED_PERCENT = 90;
/** Of what a target gives each task. */
const OVERLOADED_SHARE = 1.2;

/**
 * CPU where the policy has it, else its first target that counts load, else its first backlog; undefined where it has none of them.
 * @param idle percent of CPU that tasks use without work
 */
export function yardstickOf(policy: ServicePolicy, idle = 0): Yardstick | undefined {
  return byCpu(policy, idle) ?? byTarget(policy) ?? byBacklog(policy);
}

function byCpu({ signals }: ServicePolicy, idle: number): Yardstick | undefined {
  const signal = Object.entries(signals).find(([, spec]) => isCpu(spec))?.[0];
  return signal === undefined
    ? undefined
    : {
        signal,
        words: `${signal} above ${OVERLOADED_PERCENT} %`,
        needed: (value, tasks) => (Math.max(0, value - idle) * tasks) / (OVERLOADED_PERCENT - idle),
      };
}

function byTarget({ targets, signals }: ServicePolicy): Yardstick | undefined {
  const target = targets.find((one) => one.kind === 'perTask');
  if (target?.kind !== 'perTask') return undefined;
  const { signal, perTask } = target;
  const limit = perTask * OVERLOADED_SHARE;
  const averaged = signals[signal]?.averagedOverTasks === true;
  return {
    signal,
    words: `${signal} above ${Number(limit.toPrecision(3))} a task`,
    needed: (value, tasks) => (averaged ? value * tasks : value) / limit,
  };
}

function byBacklog(policy: ServicePolicy): Yardstick | undefined {
  const target = policy.targets.find((one) => one.kind === 'backlog');
  if (target?.kind !== 'backlog') return undefined;
  const work = workOf(policy, target.signal);
  const perTask = ((work?.parallelPerTask ?? 1) * target.finishWithinSeconds) / (work?.secondsPerMessage ?? 1);
  return {
    signal: target.signal,
    words: `${target.signal} above ${Number(perTask.toPrecision(3))} a task`,
    needed: (value) => value / perTask,
  };
}
