/** A policy with other numbers in it: the same rules, more or less eager. */
import type { Change, InRule, OutRule, ServicePolicy, Target } from '../../policy/policy.ts';
import { rounded, type Threshold, thresholdsIn, withThresholds } from './numbers-in.ts';

/** Factors; 1 leaves everything as it is. */
export interface Variation {
  /** On every threshold and target: how busy tasks may be. */
  readonly level: number;
  /** On the thresholds of scaling in alone: nearer to those of scaling out, or farther away. */
  readonly gap: number;
  /** On what scaling out adds at once. */
  readonly step: number;
  /** On how long scaling in waits. */
  readonly patience: number;
}

export const KNOBS = ['level', 'gap', 'step', 'patience'] as const;
export type Knob = (typeof KNOBS)[number];
export const UNCHANGED: Variation = { level: 1, gap: 1, step: 1, patience: 1 };

/** Of signals in percent; above it a threshold is never reached. */
const MOST_PERCENT = 98;

/** Undefined where the numbers contradict each other: the same signal would scale out and in. */
export function vary(policy: ServicePolicy, variation: Variation): ServicePolicy | undefined {
  const { level, gap, step, patience } = variation;
  const signals = Object.keys(policy.signals);
  const moved = (factor: number) => (threshold: Threshold) => bounded(policy, threshold, threshold.value * factor);
  const when = (condition: string, factor: number) => withThresholds(condition, signals, moved(factor));
  const scaleOut = policy.scaleOut.map(
    (rule): OutRule => ({ ...rule, when: when(rule.when, level), change: stepped(rule.change, level, step) }),
  );
  const scaleIn = policy.scaleIn.map(
    (rule): InRule => ({
      ...rule,
      when: when(rule.when, level * gap),
      change: stepped(rule.change, level * gap, 1),
      trueFor: longer(rule.trueFor, patience),
    }),
  );
  const targets = policy.targets.map((target) => aimed(target, level));
  const own: ServicePolicy = {
    ...policy,
    scaleOut,
    scaleIn,
    targets,
    pace: { ...policy.pace, in: slower(policy, patience) },
  };
  return contradicts(own) && !contradicts(policy) ? undefined : own;
}

function bounded(policy: ServicePolicy, { of, value }: Threshold, wanted: number): number {
  const isPercent = policy.signals[of]?.source.kind === 'ecs' && value <= 100;
  return rounded(isPercent ? Math.min(MOST_PERCENT, wanted) : wanted);
}

/** Tasks and percents times `step`; the bounds of bands move with the thresholds. */
function stepped(change: Change, level: number, step: number): Change {
  switch (change.kind) {
    case 'tasks':
      return { ...change, tasks: Math.sign(change.tasks) * Math.max(1, Math.round(Math.abs(change.tasks) * step)) };
    case 'percent':
      return { ...change, percent: rounded(change.percent * step) };
    case 'setTo':
      return change;
    case 'bands': {
      const moved = (bound: number | null) => (bound === null ? null : rounded(bound * level));
      const bands = change.bands.map((band) => ({
        from: moved(band.from),
        to: moved(band.to),
        change: stepped(band.change, level, step) as Exclude<Change, { kind: 'bands' }>,
      }));
      return { ...change, bands };
    }
  }
}

function aimed(target: Target, level: number): Target {
  if (target.kind === 'perTask') return { ...target, perTask: rounded(target.perTask * level) };
  return { ...target, finishWithinSeconds: rounded(target.finishWithinSeconds * level) };
}

function longer({ m, n }: InRule['trueFor'], patience: number): InRule['trueFor'] {
  const periods = Math.max(1, Math.round(n * patience));
  return { m: Math.max(1, Math.min(periods, Math.round(m * patience))), n: periods };
}

function slower({ pace }: ServicePolicy, patience: number): ServicePolicy['pace']['in'] {
  const { cooldown, stabilizationSeconds } = pace.in;
  const own =
    cooldown.kind === 'seconds' ? { ...cooldown, seconds: Math.round(cooldown.seconds * patience) } : cooldown;
  return { ...pace.in, cooldown: own, stabilizationSeconds: Math.round(stabilizationSeconds * patience) };
}

/** A signal whose lowest threshold of scaling out is not above its highest of scaling in. */
function contradicts({ signals, scaleOut, scaleIn }: ServicePolicy): boolean {
  const names = Object.keys(signals);
  const of = (rules: readonly { readonly when: string }[], name: string) =>
    rules.flatMap(({ when }) => thresholdsIn(when, names)).flatMap((one) => (one.of === name ? [one.value] : []));
  return names.some((name) => Math.min(...of(scaleOut, name)) <= Math.max(...of(scaleIn, name)));
}

/** One clause for each number that differs, such as `warm: cpu > 65 → cpu > 58.5`. */
export function differences(before: ServicePolicy, after: ServicePolicy): readonly string[] {
  const rules = [...before.scaleOut, ...before.scaleIn].flatMap((rule, index) => {
    const other = [...after.scaleOut, ...after.scaleIn][index];
    if (other === undefined) return [];
    const steps =
      words(rule.change) === words(other.change)
        ? []
        : [`${rule.name}: ${words(rule.change)} → ${words(other.change)}`];
    const { m, n } = rule.trueFor;
    const periods =
      n === other.trueFor.n ? [] : [`${rule.name}: ${m} of ${n} → ${other.trueFor.m} of ${other.trueFor.n}`];
    return [...(rule.when === other.when ? [] : [`${rule.name}: ${rule.when} → ${other.when}`]), ...steps, ...periods];
  });
  const targets = before.targets.flatMap((target, index) => {
    const [one, other] = [aimOf(target), aimOf(after.targets[index] ?? target)];
    return one === other ? [] : [`${target.name}: ${one} → ${other}`];
  });
  return [...rules, ...targets];
}

function aimOf(target: Target): string {
  return target.kind === 'perTask' ? `perTask ${target.perTask}` : `finishWithin ${target.finishWithinSeconds}s`;
}

function words(change: Change): string {
  switch (change.kind) {
    case 'tasks':
      return `${change.tasks < 0 ? 'remove' : 'add'} ${Math.abs(change.tasks)}`;
    case 'percent':
      return `${change.percent < 0 ? 'removePercent' : 'addPercent'} ${Math.abs(change.percent)}`;
    case 'setTo':
      return `setTo ${change.tasks}`;
    case 'bands':
      return change.bands.map(({ from, to, change: own }) => `${from ?? ''} to ${to ?? ''} ${words(own)}`).join(', ');
  }
}
