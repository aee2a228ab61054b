/** What must hold of every run, whatever happened in it. */
import type { Intent } from '../../../lib/loop/ports.ts';
import type { Run } from '../scheduler.ts';
import type { Actor, Committed, Happened, Sent } from '../world.ts';

/** One sentence for each time it did not hold. */
export type Invariant = (run: Run) => readonly string[];

export type Of<F> = F & Pick<Happened, 'at' | 'actor'>;

export const sendsOf = ({ world }: Run): readonly Of<Sent>[] => world.events.filter((one) => one.kind === 'sent');
export const commitsOf = ({ world }: Run): readonly Of<Committed>[] =>
  world.events.filter((one) => one.kind === 'committed');

/** A change with its announcement, and what lay in the store before it. */
export interface Change {
  readonly sent: Of<Sent>;
  readonly intent: Intent;
  readonly announced: Of<Committed>;
  readonly before: Of<Committed> | undefined;
}

/** The changes that were announced by whoever sent them. */
export function changesOf(run: Run): readonly Change[] {
  return sendsOf(run).flatMap((sent) => {
    const { events } = run.world;
    const earlier = events.slice(0, events.indexOf(sent));
    const commits = earlier.filter((one) => one.kind === 'committed' && one.arn === sent.arn) as Of<Committed>[];
    const last = commits.findLastIndex(({ actor }) => actor === sent.actor);
    const announced = commits[last];
    const intent = announced?.value.intent;
    if (announced === undefined || intent === undefined || intent.to !== sent.count) return [];
    return [{ sent, intent, announced, before: commits[last - 1] }];
  });
}

export function nameOf({ name, skewMs }: Actor): string {
  return skewMs === 0 ? name : `${name} (${skewMs > 0 ? '+' : ''}${skewMs} ms)`;
}
