/** What Application Auto Scaling makes of a policy's wish: bounds first, then the cooldown of the direction. */
import type { EpochMs } from '../../../policy/policy.ts';
import { type Capacity, clamp } from '../peer.ts';

/** Application Auto Scaling's default for ECS, both ways. */
export const DEFAULT_COOLDOWN_SECONDS = 300;

export interface Cooldowns {
  readonly outSeconds: number;
  readonly inSeconds: number;
}

export interface CooldownState {
  /** Until then a further scale-out counts from `outBase`, so that only what exceeds the one before passes. */
  outUntil: EpochMs;
  outBase: number;
  inUntil: EpochMs;
}

export function noCooldown(): CooldownState {
  return { outUntil: Number.NEGATIVE_INFINITY, outBase: 0, inUntil: Number.NEGATIVE_INFINITY };
}

export interface Standing {
  readonly now: EpochMs;
  readonly desired: number;
  readonly running: number;
  readonly capacity: Capacity;
}

/**
 * The count a scale-out starts from: running tasks, not desired ones; within the cooldown of the scale-out before, the count that one
 * started from, so that the tasks it added are not taken for a reason to add more. Below the minimum the minimum comes first.
 * Null above the maximum: nothing is done.
 */
export function baseOut({ now, desired, running, capacity }: Standing, state: CooldownState): number | null {
  if (desired > capacity.max) return null;
  return now < state.outUntil ? state.outBase : Math.max(running, capacity.min);
}

/** Likewise for a scale-in; above the maximum the maximum comes first. Null below the minimum, and while a scale-in cools down. */
export function baseIn({ now, desired, running, capacity }: Standing, state: CooldownState): number | null {
  if (desired < capacity.min || now < state.inUntil) return null;
  return Math.min(running, capacity.max);
}

/** To `wanted` tasks, counted from `base`. The new desired count; undefined where that is no more than there is. Starts the cooldown. */
export function scaleOut(
  wanted: number,
  base: number,
  { now, desired, capacity }: Standing,
  cooldowns: Cooldowns,
  state: CooldownState,
): number | undefined {
  const count = clamp(wanted, capacity);
  if (count <= desired) return undefined;
  state.outBase = base;
  state.outUntil = now + cooldowns.outSeconds * 1000;
  // A scale-out ends the cooldown of a scale-in.
  state.inUntil = Number.NEGATIVE_INFINITY;
  return count;
}

export function scaleIn(
  wanted: number,
  { now, desired, capacity }: Standing,
  cooldowns: Cooldowns,
  state: CooldownState,
): number | undefined {
  const count = clamp(wanted, capacity);
  if (count >= desired) return undefined;
  state.inUntil = now + cooldowns.inSeconds * 1000;
  return count;
}
