/**
 * A queue that the virtual service would have: the real one, plus what its tasks would have left undone or less what they would have done
 * beyond the real ones. Only where a backlog target says how long a message takes; a model, not a measurement.
 */
import type { EpochMs, ServicePolicy, SignalSource } from '../policy/policy.ts';
import { type RunningEntry, runningIn } from './running.ts';

/** Messages that the virtual queue is longer than the real one; negative where it is shorter. */
export type BacklogLead = readonly [at: EpochMs, messages: number];

export interface Work {
  readonly secondsPerMessage: number;
  readonly parallelPerTask: number;
}

export type Queue = Extract<SignalSource, { readonly kind: 'sqs' }>;

/** What a backlog target of the policy says of the work behind a signal. */
export function workOf({ targets }: ServicePolicy, signal: string): Work | undefined {
  const target = targets.find((one) => one.kind === 'backlog' && one.signal === signal);
  return target?.kind === 'backlog' ? target : undefined;
}

/**
 * @param backlog the real queue now
 * @returns undefined while both services have done the same work, so that there is nothing to remember
 */
export function nextLead(
  lead: BacklogLead | undefined,
  backlog: number,
  { attribute }: Pick<Queue, 'attribute'>,
  work: Work,
  running: readonly RunningEntry[],
  now: EpochMs,
  cadenceSeconds: number,
): BacklogLead | undefined {
  const since = lead?.[0] ?? now - cadenceSeconds * 1000;
  const means = runningIn(running, since, now);
  const before = lead?.[1] ?? 0;
  if (means === undefined) return lead;
  if (means.same && before === 0) return undefined;
  const seconds = (now - since) / 1000;
  const perTask = work.parallelPerTask / work.secondsPerMessage;
  const busyAbove = attribute === 'visible' ? 0 : work.parallelPerTask * means.real;
  if (backlog > busyAbove) {
    // Every real task is busy: what more or fewer of them would have done is certain.
    return [now, Math.max(-backlog, before + perTask * (means.real - means.virtual) * seconds)];
  }
  // The real tasks keep up, so what is in flight says what arrives (Little's law), and the virtual ones may fall behind or catch up.
  const arriving = attribute === 'visible' ? 0 : backlog / work.secondsPerMessage;
  return [now, Math.max(0, before + (arriving - perTask * means.virtual) * seconds)];
}
