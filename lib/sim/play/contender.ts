/** Who scales a service in a run. Plain data, so that it crosses threads. */
import type { PolicySet } from '../../policy/policy.ts';
import type { PeerName } from '../peers/catalogue.ts';

export type Contender = PolicyContender | PeerContender | OracleContender;

/** A policy of ours, decided by the real `tick()`. Its set holds the one service that is played. */
export interface PolicyContender {
  readonly kind: 'policy';
  readonly name: string;
  readonly set: PolicySet;
}

/** A model of another scaler, with the number its users turn. */
export interface PeerContender {
  readonly kind: 'peer';
  readonly name: string;
  readonly peer: PeerName;
  /** The share of its capacity a task is meant to work at, in (0, 1]. */
  readonly utilisation: number;
}

/** The bound: it knows the load to come. `overload`: cheapest without overload. `late`: cheapest without a late minute. */
export interface OracleContender {
  readonly kind: 'oracle';
  readonly name: string;
  readonly without: 'overload' | 'late';
}
