/** A rule that looks at a shorter time than its numbers are late by: what it answers may be over before it is known. */
import { durationWords } from '../duration.ts';
import { rulesIn } from './rules-of.ts';
import { signalsOf } from './steady.ts';
import type { LintRule } from './warning.ts';

export const trueForShorterThanDelay: LintRule = {
  name: 'true-for-shorter-than-delay',
  find: (subject) =>
    [...rulesIn(subject, 'scaleOut'), ...rulesIn(subject, 'scaleIn')].flatMap(({ list, index, rule, condition }) => {
      const specs = signalsOf(rule, condition).flatMap((name) => {
        const spec = subject.policy.signals[name];
        return spec === undefined ? [] : [{ name, spec }];
      });
      const periodSeconds = Math.max(0, ...specs.map(({ spec }) => spec.periodSeconds));
      const seconds = rule.trueFor.n * periodSeconds;
      const late = specs.find(({ spec }) => spec.publicationDelaySeconds > seconds);
      if (late === undefined) return [];
      const periods = Math.ceil(late.spec.publicationDelaySeconds / periodSeconds);
      const looks = `'${rule.name}' looks at ${durationWords(seconds)}, and ${late.name} is known ${durationWords(late.spec.publicationDelaySeconds)} late`;
      const sentence = `${looks}, so it answers what may be over; write trueFor: ${periods} of ${periods}, or use a faster signal`;
      return [{ path: [list, index, 'trueFor'], sentence }];
    }),
};
