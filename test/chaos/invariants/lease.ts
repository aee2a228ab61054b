/** One writer at a time, and none that is missed for long. */
import type { Run } from '../scheduler.ts';
import type { Actor, Happened } from '../world.ts';
import { type Invariant, nameOf, sendsOf } from './invariant.ts';

const MINUTE = 60_000;

export const oneHolderPerFence: Invariant = ({ world }) => {
  let last = 0;
  return world.events.flatMap((one) => {
    if (one.kind !== 'held') return [];
    const { fence, owner } = one.lease;
    const grew = fence > last;
    last = Math.max(last, fence);
    return grew ? [] : [`${owner} holds fence ${fence}, and ${last} was given before`];
  });
};

/** Each by its own clock. */
export const oneHolderAtATime: Invariant = ({ world: { events } }) =>
  events.flatMap((one, index) => {
    if (one.kind !== 'held') return [];
    const others = holdersIn(events.slice(0, index), one.at).filter((other) => other !== one.actor);
    return others.map(
      (other) => `${nameOf(one.actor)} holds the lease while ${nameOf(other)} still believes to hold it`,
    );
  });

/** Those alive at `at` who had the lease and know of no reason why they should not have it still. */
function holdersIn(events: readonly Happened[], at: number): readonly Actor[] {
  const gone = new Set(events.filter(({ kind }) => kind === 'released' || kind === 'died').map(({ actor }) => actor));
  return events.flatMap((one) => {
    if (one.kind !== 'held' || gone.has(one.actor) || (one.actor.endedAt ?? Number.POSITIVE_INFINITY) < at) return [];
    return at + one.actor.skewMs < one.lease.until ? [one.actor] : [];
  });
}

/** A minute by the clock of whoever comes after, from the last sign of the one that was lost. */
export const aCrashCostsAtMostAMinute: Invariant = (run) => {
  const { actors } = run;
  const busy = actors.flatMap((actor) => {
    const { report, startedAt, skewMs } = actor;
    const owner = report?.kind === 'busy' ? actors.find(({ name }) => name === report.owner) : undefined;
    if (owner === undefined) return [];
    const waited = startedAt + skewMs - (lastSignOf(owner) + owner.skewMs);
    return waited < MINUTE ? [] : [`${nameOf(actor)} is busy with the lease of ${nameOf(owner)}, gone ${waited} ms`];
  });
  const settling = actors.flatMap((actor) => {
    const { heard, report, startedAt, skewMs } = actor;
    if (report?.kind !== 'ticked') return [];
    return report.entries.flatMap(({ arn, outcome }) => {
      const stored = outcome === 'settling' ? heard.stored?.get(arn) : undefined;
      const intent = stored?.kind === 'stored' ? stored.value.intent : undefined;
      const whose = actors.find(({ lease }) => lease?.fence === intent?.fence);
      const waited =
        intent === undefined || whose === undefined ? 0 : startedAt + skewMs - (lastSignOf(whose) + whose.skewMs);
      return waited < MINUTE ? [] : [`${nameOf(actor)} still waits for what ${whose?.name} did ${waited} ms ago`];
    });
  });
  return [...busy, ...settling];
};

const lastSignOf = ({ endedAt }: Actor): number => endedAt ?? Number.POSITIVE_INFINITY;

/** What nobody waited for would wake up in a later invocation. */
export const nothingRunsPastTheHandler: Invariant = ({ world }) =>
  world.events.flatMap((one) =>
    one.kind === 'ended' && one.open > 0
      ? [`${one.actor.name} ended with ${one.open} calls under way: ${one.fault}`]
      : [],
  );

export const noCallOutlivesTheLease: Invariant = (run: Run) =>
  sendsOf(run).flatMap(({ actor, clock }) => {
    const left = (actor.lease?.until ?? 0) - clock;
    // The call's own limit, and the margin for the clock of whoever takes the lease next.
    return left >= 3_000 + 10_000 ? [] : [`${nameOf(actor)} sends ${left} ms before its lease ends`];
  });
