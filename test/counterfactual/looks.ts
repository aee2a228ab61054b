/** Looks at a service minute by minute: what the stories of the counterfactual are told with. */
import { type Beside, beside, type Known } from '../../lib/counterfactual/counterfactual.ts';
import { setDesired, type VirtualService } from '../../lib/counterfactual/virtual-service.ts';
import type { Datapoint, Observation, Reading, ServiceObservation } from '../../lib/policy/observation.ts';
import type { ServicePolicy, SignalSpec } from '../../lib/policy/policy.ts';
import { MINUTE, policy, rehydrated, T0 } from '../support/story.ts';

export { MINUTE, T0 };

/** `minutes` after noon. */
export const at = (minutes: number): number => T0 + minutes * MINUTE;

export function serving(count: number, more: Partial<ServiceObservation> = {}): ServiceObservation {
  return { desired: count, running: count, pending: 0, ...more };
}

/** Datapoints of whole minutes: `[minute it begins at, value, tasks]`. */
export function reading(...points: readonly (readonly [minute: number, value: number, tasks?: number])[]): Reading {
  const values = points.map(
    ([minute, value, tasks]): Datapoint => (tasks === undefined ? [at(minute), value] : [at(minute), value, tasks]),
  );
  return { status: 'complete', periodSeconds: 60, values };
}

/** One service over time; the state goes through JSON at each look. */
export interface Watch {
  look(minute: number, service: ServiceObservation, signals?: Observation['signals']): Beside;
  /** What we decided. */
  decide(minute: number, count: number): void;
  readonly virtual: VirtualService;
}

export function watch(parts: Partial<ServicePolicy> = {}, known: Known = {}): Watch {
  const own = policy(parts);
  let virtual: VirtualService | undefined;
  const present = () => {
    if (virtual === undefined) throw new Error('nobody has looked yet');
    return virtual;
  };
  return {
    look(minute, service, signals = {}) {
      const seen = beside(own, virtual, rehydrated({ service, signals }), at(minute), known);
      virtual = rehydrated(seen.virtual);
      return seen;
    },
    decide(minute, count) {
      virtual = rehydrated(setDesired(present(), count, at(minute)));
    },
    get virtual() {
      return present();
    },
  };
}

export function signal(source: SignalSpec['source'], more: Partial<SignalSpec> = {}): SignalSpec {
  return {
    source,
    stat: 'Average',
    periodSeconds: 60,
    publicationDelaySeconds: 50,
    scale: 1,
    averagedOverTasks: false,
    whenMissing: { kind: 'unknown' },
    ...more,
  };
}
