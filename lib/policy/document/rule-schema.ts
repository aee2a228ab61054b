/** Rules, targets and paces as an operator writes them. */
import * as z from 'zod/mini';
import { condition, duration, matching, percent, positive, ruleName, signalName, tasks } from './fields.ts';

const optional = z.optional;
const bound = () => optional(z.number().check(z.describe('Of the signal; left away: unbounded')));
const atLeast = optional(tasks(1).check(z.describe('Tasks, where the percent come to less')));

/** Within bands a change of 0 says that nothing happens there. */
const changeOut = (least: 0 | 1) => ({
  add: optional(tasks(least)),
  addPercent: optional(positive()),
  setTo: optional(tasks(0)),
  atLeast,
});
const changeIn = (least: 0 | 1) => ({
  remove: optional(tasks(least)),
  removePercent: optional(positive().check(z.lte(100))),
  setTo: optional(tasks(0)),
  atLeast,
});
const steps = <Shape extends object>(change: Shape) =>
  z.array(z.strictObject({ from: bound(), to: bound(), ...change })).check(z.minLength(1), z.maxLength(40));
const rule = {
  name: ruleName(),
  when: optional(condition().check(z.describe('CEL over the signals; with bands it may be left away'))),
  trueFor: optional(
    matching(/^\d{1,3} of \d{1,3}$/, 'write m of n, as in 3 of 5').check(
      z.describe('True periods of the last settled ones'),
    ),
  ),
  thenWait: optional(duration().check(z.describe('Silence of this rule after it has acted'))),
};
export const outRule = z.strictObject({
  ...rule,
  ...changeOut(1),
  bands: optional(z.strictObject({ signal: signalName(), steps: steps(changeOut(0)) })),
});
export const inRule = z.strictObject({
  ...rule,
  ...changeIn(1),
  bands: optional(z.strictObject({ signal: signalName(), steps: steps(changeIn(0)) })),
});

const tolerance = optional(
  z.union(
    [percent(), z.strictObject({ out: optional(percent()), in: optional(percent()) })],
    'write it with its unit, as in 10%, or { out: 5%, in: 20% }',
  ),
);
export const target = z.union(
  [
    z.strictObject({ name: optional(ruleName()), signal: signalName(), perTask: positive(), tolerance }),
    z.strictObject({
      name: optional(ruleName()),
      backlog: signalName().check(z.describe('The signal that counts messages')),
      finishWithin: duration(),
      secondsPerMessage: positive(),
      parallelPerTask: optional(positive()),
      tolerance,
    }),
  ],
  'write { signal, perTask } or { backlog, finishWithin, secondsPerMessage }',
);

const PRESETS = ['fast', 'normal', 'slow'] as const;
const limit = () =>
  matching(/^(?:\d{1,6}(?:\.\d{1,4})?%|\d{1,5} tasks?)$/, 'write percent or tasks, as in [100%, 4 tasks]');
export const pace = z.union(
  [
    z.enum(PRESETS),
    z.strictObject({
      preset: optional(z.enum(PRESETS).check(z.describe('Says what is left away here; normal by default'))),
      cooldown: optional(
        matching(
          /^(?:verified|(?=\d)(?:\d{1,3}d)?(?:\d{1,4}h)?(?:\d{1,6}m)?(?:\d{1,8}s)?)$/,
          'write verified or a duration, as in 5m',
        ),
      ),
      stabilization: optional(duration()),
      upTo: optional(
        z.union(
          [limit(), z.array(limit()).check(z.minLength(1), z.maxLength(2))],
          'write percent or tasks, as in [100%, 4 tasks]',
        ),
      ),
      pick: optional(z.enum(['larger', 'smaller'])),
      per: optional(duration()),
    }),
  ],
  'write fast, normal or slow, or a map of cooldown, stabilization, upTo, pick and per',
);
