/** A signal that is read and paid for at every tick, and that nothing looks at. */
import type { ServicePolicy } from '../policy.ts';
import { conditionsIn, operandsOf } from './rules-of.ts';
import type { LintRule, Subject } from './warning.ts';

export const unusedSignal: LintRule = {
  name: 'unused-signal',
  find: (subject) => {
    const used = usedSignals(subject);
    return Object.keys(subject.policy.signals)
      .filter((name) => !used.has(name))
      .map((name) => ({
        path: ['signals', name],
        sentence: `${name} is read at every tick and nothing uses it; delete it, or use it in a rule`,
      }));
  },
};

function usedSignals(subject: Subject): ReadonlySet<string> {
  const { policy } = subject;
  const rules = [...policy.scaleOut, ...policy.scaleIn];
  const used = new Set([
    ...conditionsIn(subject).flatMap(({ condition }) => condition.signals),
    ...rules.flatMap(({ change }) => (change.kind === 'bands' ? [change.signal] : [])),
    ...policy.targets.map(({ signal }) => signal),
  ]);
  // A set grows while it is walked, and each name is visited once.
  for (const name of used) for (const other of neededBy(policy, name)) used.add(other);
  return used;
}

/** Signals that another one is made of, falls back to, or has as its witness. */
function neededBy({ signals }: ServicePolicy, name: string): readonly string[] {
  const spec = signals[name];
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
