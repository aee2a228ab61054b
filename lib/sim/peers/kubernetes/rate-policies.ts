/** How fast a count may change: the scaling policies of a direction, and the changes already made. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { Capacity } from '../peer.ts';
import { replacedLast } from './stabilization.ts';

export interface RatePolicy {
  readonly kind: 'Pods' | 'Percent';
  readonly value: number;
  readonly periodSeconds: number;
}

export interface RateRules {
  readonly policies: readonly RatePolicy[];
  readonly select: 'Max' | 'Min' | 'Disabled';
}

/** A change that was made: so many replicas more, or fewer, by the list it stands in. */
export interface ScaleEvent {
  readonly at: EpochMs;
  readonly size: number;
}

export interface ScaleEvents {
  readonly up: readonly ScaleEvent[];
  readonly down: readonly ScaleEvent[];
}

export type LimitReason =
  | 'DesiredWithinRange'
  | 'ScaleUpLimit'
  | 'TooManyReplicas'
  | 'ScaleDownLimit'
  | 'TooFewReplicas';

export interface Limited {
  readonly count: number;
  readonly reason: LimitReason;
}

/** Rate first, then bounds; the tighter one gives its name. */
export function limitRate(
  desired: number,
  current: number,
  capacity: Capacity,
  rules: { readonly up: RateRules; readonly down: RateRules },
  events: ScaleEvents,
  now: EpochMs,
): Limited {
  if (desired > current) {
    const limit = Math.max(current, limitOf('up', rules.up, current, events, now));
    const allowed = Math.min(capacity.max, limit);
    if (desired > allowed) return { count: allowed, reason: limit < capacity.max ? 'ScaleUpLimit' : 'TooManyReplicas' };
  } else if (desired < current) {
    const limit = Math.min(current, limitOf('down', rules.down, current, events, now));
    const allowed = Math.max(capacity.min, limit);
    if (desired < allowed)
      return { count: allowed, reason: limit > capacity.min ? 'ScaleDownLimit' : 'TooFewReplicas' };
  }
  return { count: desired, reason: 'DesiredWithinRange' };
}

/** The furthest the policies of a direction let the count go. */
export function limitOf(
  direction: 'up' | 'down',
  { policies, select }: RateRules,
  current: number,
  events: ScaleEvents,
  now: EpochMs,
): number {
  if (select === 'Disabled' || policies.length === 0) return current;
  const limits = policies.map((policy) => {
    const base = current - changed(events.up, policy, now) + changed(events.down, policy, now);
    return direction === 'up' ? grown(base, policy) : shrunk(base, policy);
  });
  const widest = direction === 'up' ? Math.max(...limits) : Math.min(...limits);
  const tightest = direction === 'up' ? Math.min(...limits) : Math.max(...limits);
  return select === 'Max' ? widest : tightest;
}

function grown(base: number, { kind, value }: RatePolicy): number {
  return kind === 'Pods' ? base + value : Math.ceil(base * (1 + value / 100));
}

function shrunk(base: number, { kind, value }: RatePolicy): number {
  return kind === 'Pods' ? base - value : Math.trunc(base * (1 - value / 100));
}

function changed(events: readonly ScaleEvent[], { periodSeconds }: RatePolicy, now: EpochMs): number {
  return events.reduce((total, { at, size }) => total + (now - at < periodSeconds * 1000 ? size : 0), 0);
}

/** Remembers a change that was made for as long as a policy asks for it. */
export function withEvent(
  events: ScaleEvents,
  from: number,
  to: number,
  rules: { readonly up: RateRules; readonly down: RateRules },
  now: EpochMs,
): ScaleEvents {
  const direction = to > from ? 'up' : 'down';
  const longest = Math.max(0, ...rules[direction].policies.map(({ periodSeconds }) => periodSeconds)) * 1000;
  const event = { at: now, size: Math.abs(to - from) };
  return { ...events, [direction]: replacedLast(events[direction], event, ({ at }) => now - at > longest) };
}
