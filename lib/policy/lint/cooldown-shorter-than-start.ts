/** A cooldown that ends before the tasks it waits for are there: the next step is decided on numbers that the last one has not touched. */
import { durationText, durationWords } from '../duration.ts';
import { ASSUMED_START_SECONDS } from '../start-time.ts';
import type { LintRule } from './warning.ts';

export const cooldownShorterThanStart: LintRule = {
  name: 'cooldown-shorter-than-start',
  find: ({ policy, facts: { startSeconds } }) => {
    const { cooldown } = policy.pace.out;
    // Of a service that has not shown its times only the usual one is held against it.
    const needed = startSeconds?.p95 ?? ASSUMED_START_SECONDS.p50;
    if (cooldown.kind === 'verified' || cooldown.seconds >= needed) return [];
    const takes = `tasks ${startSeconds === undefined ? 'usually ' : ''}take ${durationWords(needed)} to start`;
    const sentence = `the cooldown after scaling out is ${durationWords(cooldown.seconds)}, and ${takes}: the next step is decided before the last one works; write cooldown: verified, or ${durationText(needed)}`;
    return [{ path: ['pace', 'out', 'cooldown'], sentence }];
  },
};
