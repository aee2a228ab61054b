/** What we kept of CEL stays CEL: our closures agree with the library's own evaluation of the same expression. */
import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { CONDITION_LIMITS, checkCondition } from '../../lib/policy/cel.ts';
import { conditions } from '../support/expressions.ts';
import { truthOf, type Values } from '../support/truth.ts';

const SIGNALS = ['cpu', 'rps', 'mem'] as const;

/** The library as it comes, with the operators over int and double that CEL leaves out and operators write. */
const cel = (() => {
  const environment = new Environment({ unlistedVariablesAreDyn: false });
  const mixed: Record<string, (a: number, b: number) => number | boolean> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '==': (a, b) => a === b,
  };
  for (const [operator, apply] of Object.entries(mixed)) {
    const handler = (a: unknown, b: unknown) => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int`, handler);
    if (operator !== '==') environment.registerOperator(`int ${operator} double: double`, handler);
  }
  for (const name of SIGNALS) environment.registerVariable(name, 'double');
  return environment;
})();

const value = fc.oneof(
  fc.integer({ min: -20, max: 120 }),
  fc.integer({ min: -80, max: 480 }).map((quarters) => quarters / 4),
);
const known = fc.record({ cpu: value, rps: value, mem: value });
const allowed = conditions(SIGNALS).filter((text) => checkCondition(text, SIGNALS).kind === 'ok');
const byCel = (expression: string, values: Record<string, number>) => (cel.evaluate(expression, values) ? 'T' : 'F');

describe('a condition made by chance', () => {
  test('agrees with CEL where every signal is known', () => {
    fc.assert(
      fc.property(allowed, known, (expression, values) => {
        expect(truthOf(expression, values)).toBe(byCel(expression, values));
      }),
      { numRuns: 2000 },
    );
  });

  test('where it is settled although a signal is unknown, CEL says the same whatever the signal is', () => {
    let settled = 0;
    fc.assert(
      fc.property(
        allowed,
        known,
        fc.subarray([...SIGNALS], { minLength: 1 }),
        known,
        (expression, values, hidden, others) => {
          const seen: Record<string, Values> = { ...values };
          for (const name of hidden) seen[name] = 'unknown';
          const truth = truthOf(expression, seen);
          if (truth === '?') return;
          settled += 1;
          for (const guess of [values, others])
            expect(
              byCel(expression, { ...values, ...Object.fromEntries(hidden.map((name) => [name, guess[name]])) }),
            ).toBe(truth);
        },
      ),
      { numRuns: 2000 },
    );
    expect(settled).toBeGreaterThan(300);
  });

  test('is refused only for its size', () => {
    fc.assert(
      fc.property(conditions(SIGNALS), (expression) => {
        const checked = checkCondition(expression, SIGNALS);
        if (checked.kind === 'ok') return;
        expect(checked.sentence).toMatch(/^the condition is too large|^a condition has at most/);
      }),
      { numRuns: 1000 },
    );
    expect(CONDITION_LIMITS).toEqual({ characters: 2000, nodes: 400, depth: 40 });
  });
});
