/** Nomad's autoscaler with the threshold strategy: two checks of one group, one band above and one below. */
import type { Peer } from '../peer.ts';
import { type NomadOptions, nomadPeer } from './evaluator.ts';
import { type ThresholdRules, threshold } from './strategies.ts';

export interface NomadThresholdOptions extends NomadOptions {
  readonly checks: readonly ThresholdRules[];
}

/** Two checks around a target, as the documentation's examples have them: a step up above the band, a step down below it. */
export function thresholdsAround(target: number, band: number, percent: number): readonly ThresholdRules[] {
  return [
    { lower: target + band, change: { kind: 'percentage', percent } },
    { upper: target - band, change: { kind: 'percentage', percent: -percent } },
  ];
}

export function createNomadThreshold(options: NomadThresholdOptions): Peer {
  return nomadPeer('nomad-threshold', options, (samples, count) =>
    options.checks.map((rules) => ({ group: 'band', verdict: threshold(samples, count, rules) })),
  );
}
