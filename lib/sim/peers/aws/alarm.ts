/** A CloudWatch alarm, as the CloudWatch user guide describes it: M of N datapoints, with rules for those that are missing. */
import type { TreatMissing } from '../../../policy/application-auto-scaling.ts';
import type { EpochMs } from '../../../policy/policy.ts';
import { publicationDelaySeconds } from '../../series.ts';
import type { SignalPoint } from './signal.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One period of the evaluation range. */
export type Evidence = 'breaching' | 'fine' | 'missing';

export interface AlarmRule {
  /** Datapoints to alarm, of so many evaluation periods. */
  readonly m: number;
  readonly n: number;
  readonly treatMissing: TreatMissing;
}

/** `range`: the periods that were looked at, oldest first; more than `n`, so that real datapoints can stand in for missing ones. */
export function alarmState(range: readonly Evidence[], rule: AlarmRule, before: AlarmState): AlarmState {
  const newest = range.slice(-rule.n);
  const real = range.filter((evidence) => evidence !== 'missing');
  const counted = newest.includes('missing') ? real.slice(-rule.n) : newest;
  const breaching = counted.filter((evidence) => evidence === 'breaching').length;
  if (counted.length === rule.n) return breaching >= rule.m ? 'ALARM' : 'OK';
  const filled = rule.n - counted.length;
  switch (rule.treatMissing) {
    case 'breaching':
      return breaching + filled >= rule.m ? 'ALARM' : 'OK';
    case 'notBreaching':
      return breaching >= rule.m ? 'ALARM' : 'OK';
    default:
      return withoutFilling(range, counted.length, breaching, rule, before);
  }
}

function withoutFilling(
  range: readonly Evidence[],
  real: number,
  breaching: number,
  { m, treatMissing }: AlarmRule,
  before: AlarmState,
): AlarmState {
  if (breaching >= m) return 'ALARM';
  if (real === 0) return treatMissing === 'ignore' ? before : 'INSUFFICIENT_DATA';
  if (breaching < real) return 'OK';
  if (treatMissing === 'ignore') return before;
  // Only breaching datapoints, and too few. One old enough speaks for the silence after it; a fresh one does not yet.
  const agePeriods = range.length - range.indexOf('breaching');
  return agePeriods >= m ? 'ALARM' : before;
}

export interface AlarmTiming {
  readonly periodSeconds: number;
  /** From the moment a datapoint is published to the evaluation that first counts it. */
  readonly evaluationDelaySeconds: number;
}

/** CloudWatch looks back a little further than the evaluation periods. The guide's example: 5 for an alarm of 3. */
const EXTRA_PERIODS = 2;

export interface AlarmRange {
  /** Start of the oldest and of the newest period. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly periods: number;
}

/** The periods an evaluation at `now` looks at: those whose datapoint is due, reported or not. */
export function alarmRange(now: EpochMs, n: number, timing: AlarmTiming): AlarmRange {
  const periodMs = timing.periodSeconds * 1000;
  const dueMs = periodMs + (publicationDelaySeconds(timing.periodSeconds) + timing.evaluationDelaySeconds) * 1000;
  const to = Math.floor((now - dueMs) / periodMs) * periodMs;
  const periods = n + EXTRA_PERIODS;
  return { from: to - (periods - 1) * periodMs, to, periods };
}

/** The range period by period, oldest first. */
export function evidenceOf(
  points: readonly SignalPoint[],
  range: AlarmRange,
  periodSeconds: number,
  isBreaching: (value: number) => boolean,
): Evidence[] {
  const evidence = new Array<Evidence>(range.periods).fill('missing');
  for (const { startedAt, value } of points) {
    const index = (startedAt - range.from) / (periodSeconds * 1000);
    if (Number.isInteger(index) && index >= 0 && index < range.periods)
      evidence[index] = isBreaching(value) ? 'breaching' : 'fine';
  }
  return evidence;
}
