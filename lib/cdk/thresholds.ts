/** The numbers that a policy's conditions compare a signal with: for the lines in a picture, and to see what acts first. */
import type { ServicePolicy } from '../policy/policy.ts';

export interface Threshold {
  readonly signal: string;
  readonly value: number;
  /** The rule or target that compares. */
  readonly rule: string;
  readonly direction: 'out' | 'in';
}

const COMPARISON = /\b([A-Za-z_]\w*)\s*(?:<=?|>=?)\s*(-?\d+(?:\.\d+)?)\b/g;

/** Only comparisons of a signal with a number, as `cpu > 70`; anything more is no line in a picture. */
export function thresholdsOf({
  scaleOut,
  scaleIn,
  signals,
}: Pick<ServicePolicy, 'scaleOut' | 'scaleIn' | 'signals'>): readonly Threshold[] {
  const of = (rules: ServicePolicy['scaleOut'], direction: 'out' | 'in') =>
    rules.flatMap(({ name: rule, when }) =>
      [...when.matchAll(COMPARISON)]
        .filter(([, signal = '']) => Object.hasOwn(signals, signal))
        .map(([, signal = '', value]): Threshold => ({ signal, value: Number(value), rule, direction })),
    );
  return [...of(scaleOut, 'out'), ...of(scaleIn, 'in')];
}
