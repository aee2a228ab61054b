/** Nomad's autoscaler with the target-value strategy: keeps a metric at a value. */
import type { Peer } from '../peer.ts';
import { type NomadOptions, nomadPeer } from './evaluator.ts';
import { type TargetValueRules, targetValue } from './strategies.ts';

export interface NomadTargetValueOptions extends NomadOptions, TargetValueRules {}

export function createNomadTargetValue(options: NomadTargetValueOptions): Peer {
  return nomadPeer('nomad-target-value', options, (samples, count) => [
    { verdict: targetValue(samples, count, options) },
  ]);
}
