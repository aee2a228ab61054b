/** What holds for every policy and every run, made by chance. State goes through JSON at every step. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundsAt } from '../../lib/policy/bounds.ts';
import { decide } from '../../lib/policy/decide.ts';
import type { RuleVote } from '../../lib/policy/decision.ts';
import { startSecondsOf } from '../../lib/policy/start-time.ts';
import { anyPolicy, anyRun, measured } from '../support/arbitrary.ts';
import { rule, tasks } from '../support/policies.ts';
import { play, type Step } from '../support/runs.ts';
import { observationAt, rehydrated } from '../support/story.ts';

const votesOf = ({ decided }: Step): readonly RuleVote[] =>
  decided.reasons.filter((reason): reason is RuleVote => reason.kind === 'vote');

describe('for every policy and run', () => {
  test('bounds hold: nothing is added above max or taken below min, and who stays outside says why', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, (policy, run) => {
        for (const { decided, now, before } of play(policy, run)) {
          const { action, from, to } = decided.decision;
          const { min, max } = boundsAt(policy, [], now, startSecondsOf(before.state.startSeconds));
          expect(Number.isInteger(to) && to >= 0).toBe(true);
          expect(action).toBe(to > from ? 'out' : to < from ? 'in' : 'hold');
          if (action === 'out') expect(to).toBeLessThanOrEqual(max.tasks);
          if (action === 'in') expect(to).toBeGreaterThanOrEqual(min.tasks);
          const says = decided.reasons.map(({ kind }) => kind);
          if (to < min.tasks) expect(says).toContain('foreignStands');
          if (to > max.tasks) expect(says.some((kind) => kind === 'foreignStands' || kind === 'bound')).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('nothing scales in while a rule out or a target wants out, or holds', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, (policy, run) => {
        for (const step of play(policy, run)) {
          if (step.decided.decision.action !== 'in' || step.decided.by === undefined) continue;
          expect(votesOf(step).filter(({ vote }) => vote === 'out' || vote === 'hold')).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('one piece of evidence acts once: no rule acts twice on one period', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, (policy, run) => {
        const acted = new Set<string>();
        for (const step of play(policy, run)) {
          if (step.decided.decision.action === 'hold') continue;
          for (const { list, name, vote, evidenceAt } of votesOf(step)) {
            if (list === 'targets' || vote !== step.decided.decision.action) continue;
            const key = `${name} ${evidenceAt}`;
            expect(acted.has(key)).toBe(false);
            acted.add(key);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a recorded tick replayed gives the same bytes, and nothing that went in was changed', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, (policy, run) => {
        for (const { decided, now, before } of play(policy, run)) {
          const tick = deepFrozen({
            policy: rehydrated(policy),
            state: rehydrated(before.state),
            observation: rehydrated(observationAt(before, now)),
          });
          const again = decide(tick.policy, tick.state, tick.observation, now, []);
          expect(JSON.stringify(again)).toBe(JSON.stringify(decided));
        }
      }),
      { numRuns: 100 },
    );
  });

  test('the order of signals, rules, targets and datapoints decides nothing', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, fc.infiniteStream(fc.nat()), (policy, run, chance) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((one) => [chance.next().value, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
        const reordered = {
          ...policy,
          signals: Object.fromEntries(shuffled(Object.entries(policy.signals))),
          scaleOut: shuffled(policy.scaleOut),
          scaleIn: shuffled(policy.scaleIn),
          targets: shuffled(policy.targets),
          schedule: shuffled(policy.schedule),
        };
        const straight = play(policy, run);
        const crooked = play(reordered, run, 8, shuffled);
        expect(crooked.map(({ decided }) => decided.decision)).toEqual(straight.map(({ decided }) => decided.decision));
      }),
      { numRuns: 300 },
    );
  });
});

describe('unknown never scales in', () => {
  const blind = measured.map((minute) =>
    Object.fromEntries(Object.keys(minute).map((name) => [name, 'failed' as const])),
  );

  test('when nothing is known, whatever the policy says', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, fc.array(blind, { minLength: 30, maxLength: 30 }), (policy, run, unknowns) => {
        const dark = unknowns.map((minute, index) => ({ measured: minute, event: run[index]?.event ?? NOTHING }));
        for (const { decided } of play(policy, dark)) expect(decided.decision.action).not.toBe('in');
      }),
      { numRuns: 200 },
    );
  });

  test('while a signal that a rule out needs is unknown, until the stated time is over', () => {
    fc.assert(
      fc.property(anyPolicy, anyRun, (policy, run) => {
        const needs = { ...policy, scaleOut: [...policy.scaleOut, NEEDS_MEM] };
        const dark = run
          .slice(0, 15)
          .map(({ event, measured: minute }) => ({ event, measured: { ...minute, mem: 'failed' as const } }));
        const { unknownAbstainsAfterSeconds } = policy.guard;
        for (const { decided, minute } of play(needs, dark))
          if (minute * 60 < unknownAbstainsAfterSeconds) expect(decided.decision.action).not.toBe('in');
      }),
      { numRuns: 200 },
    );
  });
});

const NOTHING = { kind: 'nothing' } as const;
const NEEDS_MEM = rule('needsMem', 'mem > 200', tasks(1));

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
