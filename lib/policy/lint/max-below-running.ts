/** A max that was set far below what runs: `max: 6` where 60 was meant. */
import { durationWords } from '../duration.ts';
import type { LintRule } from './warning.ts';
import { tasksText } from './words.ts';

/** A smaller cut is a decision, not a slip. */
const FAR_BELOW = 0.75;

export const maxBelowRunning: LintRule = {
  name: 'max-below-running',
  find: ({ policy, facts: { running } }) => {
    const { max } = policy.capacity;
    if (running === undefined || max >= running * FAR_BELOW) return [];
    const { percent, tasks, periodSeconds, pick } = policy.pace.in.upTo;
    const step = Math.max(1, Math[pick === 'larger' ? 'max' : 'min'](Math.floor((running * percent) / 100), tasks));
    const gone = running - max;
    const how = step >= gone ? 'in one step' : `${step} at first and more every ${durationWords(periodSeconds)}`;
    const sentence = `max is ${max} and ${tasksText(running)} run: ${gone} of them would go, ${how}; if that is not meant, write max: ${running} or more`;
    return [{ path: ['capacity', 'max'], sentence }];
  },
};
