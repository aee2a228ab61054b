/** Which of its signals a policy looks at, or needs for one that it looks at. */
import type { ServicePolicy, SignalSpec } from './policy.ts';

type Rules = Pick<ServicePolicy, 'signals' | 'scaleOut' | 'scaleIn' | 'targets' | 'guard'>;

export function usedSignals(policy: Rules): ReadonlySet<string> {
  const { signals, targets, guard } = policy;
  const rules = [...policy.scaleOut, ...policy.scaleIn];
  const conditions = [...rules.map(({ when }) => when), ...guard.holdInWhile];
  const used = new Set([
    ...conditions.flatMap(namesIn).filter((name) => Object.hasOwn(signals, name)),
    ...rules.flatMap(({ change }) => (change.kind === 'bands' ? [change.signal] : [])),
    ...targets.map(({ signal }) => signal),
  ]);
  // A set grows while it is walked, and each name is visited once.
  for (const name of used) for (const other of neededBy(policy, name)) used.add(other);
  return used;
}

/** Words of a condition that are not called; a text such as '5m' begins with a digit and is none. */
export function namesIn(condition: string): readonly string[] {
  return condition.match(/\b[A-Za-z_]\w*\b(?!\s*\()/g) ?? [];
}

/** Signals that another one is made of, falls back to, or has as its witness. */
function neededBy({ signals }: Rules, name: string): readonly string[] {
  const spec: SignalSpec | undefined = signals[name];
  if (spec === undefined) return [];
  const { source, whenMissing } = spec;
  const others = Object.keys(signals);
  return [
    ...(whenMissing.kind === 'use' ? [whenMissing.signal] : []),
    // Silence counts as zero only while a signal of ECS itself proves that the service lives.
    ...(whenMissing.kind === 'zero' ? others.filter((other) => signals[other]?.source.kind === 'ecs') : []),
    ...(source.kind === 'share' ? [source.of] : []),
    ...(source.kind === 'math' ? operandsOf(source.expression, others) : []),
  ];
}

/** The signals that a CloudWatch expression names. */
export function operandsOf(expression: string, signals: readonly string[]): readonly string[] {
  return signals.filter((name) => new RegExp(`\\b${name}\\b`).test(expression));
}
