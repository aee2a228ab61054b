/** What happened to a service is looked at by somebody, whoever held the lease when it came. */
import type { Run } from '../scheduler.ts';
import type { Actor, Happened } from '../world.ts';
import type { Invariant } from './invariant.ts';

/** After so long nobody cares any more, less the skew of two clocks. */
const STILL_NEWS_MS = 10 * 60_000 - 10_000;

interface Waiting {
  readonly arn: string;
  readonly postedAt: number;
}

/**
 * An event waits from when it was posted to when a release forgets it. Whoever forgets it has heard of it, and has looked at its service
 * after that. Where the run goes on until nothing happens any more, nothing waits at its end.
 */
export const noEventIsLost: Invariant = (run) => {
  const waiting = new Map<string, Waiting>();
  const lost: string[] = [];
  let holder: Actor | undefined;
  for (const [index, one] of run.world.events.entries()) {
    if (one.kind === 'posted') waiting.set(one.id, { arn: one.arn, postedAt: one.at });
    if (one.kind === 'held') holder = one.actor;
    if (one.kind !== 'released' || one.actor !== holder) continue;
    holder = undefined;
    if (!one.forgets) continue;
    lost.push(...[...waiting].flatMap(([id, event]) => unseen(run, one, index, id, event)));
    waiting.clear();
  }
  const left = run.quiet === undefined ? [] : [...waiting.keys()].map((id) => `${id} waits after all is quiet`);
  return [...lost, ...left];
};

function unseen({ world }: Run, { actor, at }: Happened, index: number, id: string, event: Waiting): readonly string[] {
  const { arn, postedAt } = event;
  if (!world.plants.has(arn) || at - postedAt > STILL_NEWS_MS) return [];
  const until = world.events.slice(0, index);
  const heardAt = until.findIndex((one) => one.kind === 'heard' && one.actor === actor && one.ids.includes(id));
  if (heardAt < 0) return [`${actor.name} forgets the event ${id}, which it never heard of`];
  const isLooked = until.slice(heardAt).some((one) => isLookAt(one, actor, arn));
  return isLooked ? [] : [`${actor.name} forgets the event ${id} without a look at its service`];
}

function isLookAt(one: Happened, actor: Actor, arn: string): boolean {
  return one.kind === 'looked' && one.actor === actor && one.arns.includes(arn);
}
