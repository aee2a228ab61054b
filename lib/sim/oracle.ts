/** The clairvoyant oracle: the cheapest plan without overload under the plant's own physics. */
import type { EpochMs } from '../policy/policy.ts';
import type { PlantOptions } from './plant.ts';

/** What the oracle must know of the plant: pass the plant's own options. */
export type OracleOptions = Pick<
  PlantOptions,
  | 'load'
  | 'kind'
  | 'capacityPerTask'
  | 'startClass'
  | 'healthCheckIntervalSeconds'
  | 'deregistrationDelaySeconds'
  | 'withLoadBalancer'
>;

export interface OraclePlan {
  /** Tasks in service, one a minute. Null in a gap of the load. */
  readonly minutes: readonly { readonly at: EpochMs; readonly inService: number | null }[];
  /** Outside the gaps. */
  readonly billedTaskSeconds: number;
}

export function planOracle(_options: OracleOptions): OraclePlan {
  throw new Error('not built yet');
}
