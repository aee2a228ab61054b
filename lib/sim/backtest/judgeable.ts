/** A policy that reads nothing that tells overload is judged by the CPU of the tasks, which the history has anyway; it decides as before. */
import { yardstickOf } from '../../counterfactual/yardstick.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import type { History } from './history.ts';
import { MODEL_SIGNALS, specOf } from './model-signals.ts';

export interface Judgeable {
  readonly policy: ServicePolicy;
  readonly history: History;
  /** Signals that are read for the judgement alone, and how many settled periods of each. */
  readonly reads: Readonly<Record<string, number>>;
}

const NAME = 'CPU';
/** More than lie between two turns of the slowest cadence. */
const PERIODS = 15;

export function judgeable(policy: ServicePolicy, history: History): Judgeable {
  const cpu = history.signals[MODEL_SIGNALS.cpu];
  if (yardstickOf(policy) !== undefined || cpu === undefined || NAME in policy.signals) {
    return { policy, history, reads: {} };
  }
  return {
    policy: { ...policy, signals: { ...policy.signals, [NAME]: specOf('CPUUtilization') } },
    history: { ...history, signals: { ...history.signals, [NAME]: cpu } },
    reads: { [NAME]: PERIODS },
  };
}
