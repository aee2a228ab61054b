/**
 * What is legal and probably not meant. `RULES` is the whole linter, in the order in which warnings are read: what harms a service first,
 * what confuses a reader last.
 */
import type { PolicySet } from '../policy.ts';
import { cooldownShorterThanStart } from './cooldown-shorter-than-start.ts';
import { floorAboveCeiling } from './floor-above-ceiling.ts';
import { inWithOut } from './in-with-out.ts';
import { latencyWithoutLoad } from './latency-without-load.ts';
import { maxBelowRunning } from './max-below-running.ts';
import { mixedLogic } from './mixed-logic.ts';
import { noWayIn } from './no-way-in.ts';
import { oneTaskBehindBalancer } from './one-task-behind-balancer.ts';
import { overlappingSchedules } from './overlapping-schedules.ts';
import { percentileOfFew } from './percentile-of-few.ts';
import { periodFinerThanSignal } from './period-finer-than-signal.ts';
import { thresholdOutOfRange } from './threshold-out-of-range.ts';
import { trueForShorterThanDelay } from './true-for-shorter-than-delay.ts';
import { undoneStep } from './undone-step.ts';
import { unusedSignal } from './unused-signal.ts';
import { type Facts, type LintRule, subjectsOf, type Warning } from './warning.ts';

export const RULES: readonly LintRule[] = [
  maxBelowRunning, // most of what runs would be taken away
  floorAboveCeiling, // a floor that a max does not allow
  oneTaskBehindBalancer, // nobody answers while it is replaced
  inWithOut, // both directions true at one load
  undoneStep, // a step whose opposite follows at once
  noWayIn, // what is added stays for ever
  latencyWithoutLoad, // slow for another reason, and more tasks make it worse
  thresholdOutOfRange, // never or always true
  periodFinerThanSignal, // periods without a number
  percentileOfFew, // never known, or a maximum
  trueForShorterThanDelay, // an answer to what is over
  cooldownShorterThanStart, // a step before the last one works
  overlappingSchedules, // which of two windows counts
  mixedLogic, // && and || without parentheses
  unusedSignal, // read, paid for, not used
];

export function lint(set: PolicySet, facts: Facts = {}): readonly Warning[] {
  return subjectsOf(set, facts).flatMap((subject) =>
    RULES.flatMap((rule) =>
      rule.find(subject).map((finding) => ({ rule: rule.name, service: subject.name, ...finding })),
    ),
  );
}
