/** KEDA's own part, around zero: the ratio between one and the maximum is the horizontal pod autoscaler's. */
import type { EpochMs } from '../../../policy/policy.ts';

export interface ExecutorRules {
  readonly min: number;
  /** Held instead of the minimum while nothing is active; below the minimum. */
  readonly idle?: number;
  readonly cooldownSeconds: number;
  readonly initialCooldownSeconds: number;
}

export interface ExecutorInput {
  readonly now: EpochMs;
  readonly current: number;
  readonly isActive: boolean;
  /** Some metric failed, and no fallback of zero replicas speaks for it. */
  readonly hasError: boolean;
}

export interface ExecutorState {
  readonly createdAt: EpochMs;
  lastActiveAt: EpochMs | null;
}

/** A trigger is active strictly above its threshold. */
export function isActive(value: number, activationThreshold: number): boolean {
  return value > activationThreshold;
}

/** The count to set; undefined leaves it to the ratio engine, or as it is. */
export function execute(input: ExecutorInput, rules: ExecutorRules, state: ExecutorState): number | undefined {
  const { now, current } = input;
  if (input.isActive) {
    state.lastActiveAt = now;
    const isIdling = rules.idle !== undefined && current < rules.min;
    return current === 0 || isIdling ? Math.max(1, rules.min) : undefined;
  }
  return input.hasError ? undefined : whileInactive(now, current, rules, state);
}

function whileInactive(now: EpochMs, current: number, rules: ExecutorRules, state: ExecutorState): number | undefined {
  const rest = rules.idle ?? rules.min;
  const mayGoToRest = rules.idle !== undefined ? current > rules.idle : current > 0 && rules.min === 0;
  if (mayGoToRest) return hasCooledDown(now, rules, state) ? rest : undefined;
  return rules.idle === undefined && current < rules.min ? rules.min : undefined;
}

function hasCooledDown(now: EpochMs, rules: ExecutorRules, { createdAt, lastActiveAt }: ExecutorState): boolean {
  if (lastActiveAt === null) return createdAt + rules.initialCooldownSeconds * 1000 < now;
  return lastActiveAt + rules.cooldownSeconds * 1000 < now;
}
