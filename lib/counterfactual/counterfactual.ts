/**
 * What would have been. `beside()` takes one look at a real service that somebody else scales, and answers with the service as it would be
 * had our own decisions been carried out: its counts, and the signals its tasks would have made. Shadow mode and backtest share it.
 */
import type { Observation } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import { type BacklogLead, nextLead, workOf } from './backlog.ts';
import { rescale } from './rescale.ts';
import { beginBeside, described, look, type VirtualService } from './virtual-service.ts';

export interface Beside {
  readonly virtual: VirtualService;
  /** What the decision is to see. */
  readonly observation: Observation;
  /** Signal to how its number came about, for those that are modelled or a lower bound. */
  readonly modelled: Readonly<Record<string, string>>;
}

export interface Known {
  readonly startSeconds?: readonly number[];
  readonly idlePercent?: number;
}

/**
 * One look. Call it at every tick, then `setDesired` with what was decided.
 * @param before the virtual service after the last look and decision; undefined begins at the real counts
 * @param observation the real service
 * @param known what was learned of the service before: its start times (for the beginning), percent of CPU its tasks use without work
 */
export function beside(
  policy: ServicePolicy,
  before: VirtualService | undefined,
  observation: Observation,
  now: EpochMs,
  known: Known = {},
): Beside {
  const { cadenceSeconds, capacity } = policy;
  const { service, signals } = observation;
  const looked =
    before === undefined
      ? beginBeside(service, known.startSeconds ?? [], now)
      : look(before, service, { cadenceSeconds, min: capacity.min }, now);
  const backlogs = backlogsOf(policy, looked, observation, now);
  const rescaled = rescale(policy, signals, looked.running, backlogs, known.idlePercent);
  const { backlogs: _, ...counts } = looked;
  const virtual = Object.keys(backlogs).length === 0 ? counts : { ...counts, backlogs };
  return {
    virtual,
    observation: { service: described(virtual, service), signals: rescaled.signals },
    modelled: rescaled.modelled,
  };
}

function backlogsOf(
  policy: ServicePolicy,
  virtual: VirtualService,
  { signals }: Observation,
  now: EpochMs,
): Readonly<Record<string, BacklogLead>> {
  const leads: Record<string, BacklogLead> = {};
  for (const [name, { source }] of Object.entries(policy.signals)) {
    const work = source.kind === 'sqs' ? workOf(policy, name) : undefined;
    if (source.kind !== 'sqs' || work === undefined) continue;
    const known = virtual.backlogs?.[name];
    const backlog = signals[name]?.values.at(-1)?.[1];
    const lead =
      backlog === undefined
        ? known
        : nextLead(known, backlog, source, work, virtual.running, now, policy.cadenceSeconds);
    if (lead !== undefined) leads[name] = lead;
  }
  return leads;
}
