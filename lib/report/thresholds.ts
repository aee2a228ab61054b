/** The lines a policy draws through the picture: every comparison of its rules that names a drawn signal, and its targets. */
import type { PolicyShown } from './run.ts';

/** `side` says what crossing the line in the direction of `sign` votes for; a target has no sign. */
export interface Threshold {
  readonly chart: 'cpu';
  readonly side: 'out' | 'in' | 'target';
  readonly sign: string;
  readonly value: number;
  readonly rule: string;
}

/** `cpu > 70` and `70 < cpu`, with or without a fraction. */
const COMPARISON = /([A-Za-z_]\w*)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(>=|<=|>|<)\s*([A-Za-z_]\w*)/g;

const TURNED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };

export function thresholdsOf(policy: PolicyShown): readonly Threshold[] {
  const cpuSignals = new Set(
    Object.entries(policy.signals)
      .filter(([, spec]) => spec.source.kind === 'ecs' && spec.source.metric === 'CPUUtilization')
      .map(([name]) => name),
  );
  const ofRules = (side: 'out' | 'in', rules: readonly { readonly name: string; readonly when: string }[]) =>
    rules.flatMap((rule) =>
      comparisonsOf(rule.when)
        .filter(({ signal }) => cpuSignals.has(signal))
        .map(({ sign, value }): Threshold => ({ chart: 'cpu', side, sign, value, rule: rule.name })),
    );
  const ofTargets = policy.targets.flatMap((target): Threshold[] =>
    target.kind === 'perTask' && cpuSignals.has(target.signal)
      ? [{ chart: 'cpu', side: 'target', sign: '', value: target.perTask, rule: target.name }]
      : [],
  );
  const all = [...ofRules('out', policy.scaleOut), ...ofRules('in', policy.scaleIn), ...ofTargets];
  return all.filter((line, index) => all.findIndex((other) => sameLine(line, other)) === index);
}

function comparisonsOf(condition: string) {
  return [...condition.matchAll(COMPARISON)].map(([, signal, sign, value, valueFirst, signFirst, signalLast]) =>
    signal === undefined
      ? { signal: signalLast ?? '', sign: TURNED[signFirst ?? ''] ?? '', value: Number(valueFirst) }
      : { signal, sign: sign ?? '', value: Number(value) },
  );
}

function sameLine(one: Threshold, other: Threshold): boolean {
  return one.side === other.side && one.value === other.value && one.sign === other.sign;
}
