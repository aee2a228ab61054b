/** Numbers that an application pushed, as readings. What was pushed before lies in the service's ring. */
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy, SignalSpec } from '../policy/policy.ts';
import type { ShardEvent } from './ports.ts';

export type PushedEvent = ShardEvent & { readonly kind: 'pushed' };

/** Of one service's signal. The period of a number ends when it was pushed, or now where its clock is a little ahead. */
export function readPushed(name: string, spec: SignalSpec, events: readonly PushedEvent[], now: EpochMs): Reading {
  const { periodSeconds, scale } = spec;
  const values = events
    .filter(({ signal }) => signal === name)
    .map(({ at, value }): Datapoint => [Math.min(at, now) - periodSeconds * 1000, value * scale]);
  return { status: 'complete', periodSeconds, values };
}

export function pushedTo({ cluster, service }: ServicePolicy, events: readonly ShardEvent[]): readonly PushedEvent[] {
  return events.filter(
    (event): event is PushedEvent => event.kind === 'pushed' && event.cluster === cluster && event.service === service,
  );
}
