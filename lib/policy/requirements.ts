/** How many settled periods of each signal a decision may look at: what a tick must read. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { checkCondition, MAX_WINDOW_SECONDS } from './cel.ts';
import { durationSeconds } from './duration.ts';
import { isLoad, PLAUSIBILITY_PERIODS } from './implausible.ts';
import type { ServicePolicy, SignalSpec } from './policy.ts';

/** Spare periods, because the newest settled one may be late and the one before it is used. */
const SPARE_PERIODS = 2;

const CACHE = new WeakMap<ServicePolicy, Readonly<Record<string, number>>>();

/** Signal to number of periods. Every declared signal is read, at least its newest periods: it may be a witness. */
export function periodsNeeded(policy: ServicePolicy): Readonly<Record<string, number>> {
  const known = CACHE.get(policy);
  if (known !== undefined) return known;
  const seconds: Record<string, number> = {};
  for (const { when, trueFor, change } of [...policy.scaleOut, ...policy.scaleIn])
    need(policy, seconds, when, trueFor.n, change.kind === 'bands' ? [change.signal] : []);
  for (const when of policy.guard.holdInWhile) need(policy, seconds, when, 1);
  const periods: Record<string, number> = {};
  for (const [name, spec] of Object.entries(policy.signals)) {
    const asked = Math.min(seconds[name] ?? spec.periodSeconds, MAX_WINDOW_SECONDS);
    const habit = isLoad(spec.source) ? PLAUSIBILITY_PERIODS : 0;
    periods[name] = Math.max(Math.ceil(asked / spec.periodSeconds) + SPARE_PERIODS, habit);
  }
  CACHE.set(policy, periods);
  return periods;
}

/** `more`: signals that are looked at in the condition's newest cell, besides its own. */
function need(
  policy: ServicePolicy,
  seconds: Record<string, number>,
  when: string,
  n: number,
  more: readonly string[] = [],
): void {
  const checked = checkCondition(when, Object.keys(policy.signals));
  if (checked.kind === 'bad') throw new Error(`unchecked condition '${when}': ${checked.sentence}`);
  const cell = Math.max(0, ...checked.signals.map((name) => policy.signals[name]?.periodSeconds ?? 0));
  const coarsest = Math.max(60, cell);
  const latest = Math.max(0, ...checked.signals.map((name) => policy.signals[name]?.publicationDelaySeconds ?? 0));
  const windows = windowSecondsOf(checked.ast);
  for (const name of new Set([...checked.signals, ...more])) {
    const asked = n * coarsest + (windows[name] ?? 0);
    for (const read of [name, ...standIns(policy, name)]) {
      const own = asked + behind(policy.signals[read], cell, latest);
      seconds[read] = Math.max(seconds[read] ?? 0, own);
    }
  }
}

/**
 * How much older than its own newest datapoint is what a signal is asked for: the condition waits for its latest signal, and the cells of
 * a coarser one end anywhere in its period.
 */
function behind(spec: SignalSpec | undefined, cell: number, latest: number): number {
  if (spec === undefined) return 0;
  const alignment = cell > spec.periodSeconds ? cell : 0;
  return alignment + Math.max(0, latest - spec.publicationDelaySeconds);
}

/** The signals that stand in for one that is missing, in order. */
function standIns(policy: ServicePolicy, name: string): readonly string[] {
  const found: string[] = [];
  let spec = policy.signals[name];
  while (spec?.whenMissing.kind === 'use' && !found.includes(spec.whenMissing.signal)) {
    found.push(spec.whenMissing.signal);
    spec = policy.signals[spec.whenMissing.signal];
  }
  return found;
}

/** The longest window that a condition takes over each signal. */
function windowSecondsOf(node: ASTNode): Record<string, number> {
  const seconds: Record<string, number> = {};
  const visit = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(visit);
    if (typeof at !== 'object' || at === null || !('op' in at)) return;
    const inner = at as ASTNode;
    if (inner.op === 'call') {
      const [signal, window] = inner.args[1];
      const asked = window?.op === 'value' ? durationSeconds(String(window.args)) : undefined;
      if (signal?.op === 'id' && asked !== undefined) seconds[signal.args] = Math.max(seconds[signal.args] ?? 0, asked);
      return;
    }
    visit(inner.args);
  };
  visit(node);
  return seconds;
}
