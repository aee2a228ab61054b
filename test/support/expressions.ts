/** Conditions made by chance from the grammar that policies may use. Small numbers and divisors that are not zero: no result overflows. */
import fc from 'fast-check';

type Grammar = {
  readonly truth: string;
  readonly whole: string;
  readonly real: string;
};

const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='] as const;
const whole = fc.integer({ min: -20, max: 20 }).map((value) => (value < 0 ? `(${value})` : String(value)));
const real = fc
  .tuple(fc.integer({ min: 0, max: 99 }), fc.constantFrom('0', '25', '5', '75'))
  .map(([integer, fraction]) => `${integer}.${fraction}`);
const wholeDivisor = fc.integer({ min: 1, max: 9 }).map(String);
const realDivisor = fc.constantFrom('0.5', '2.0', '4.0', '0.25');

const infix = (left: fc.Arbitrary<string>, operators: readonly string[], right: fc.Arbitrary<string>) =>
  fc.tuple(left, fc.constantFrom(...operators), right).map(([a, operator, b]) => `(${a} ${operator} ${b})`);
const chosen = (test: fc.Arbitrary<string>, result: fc.Arbitrary<string>) =>
  fc.tuple(test, result, result).map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`);

/** Over the named signals, all of them doubles. */
export function conditions(signals: readonly string[]): fc.Arbitrary<string> {
  const signal = fc.constantFrom(...signals);
  const { truth } = fc.letrec<Grammar>((tie) => ({
    whole: fc.oneof(
      { maxDepth: 3 },
      whole,
      infix(tie('whole'), ['+', '-', '*'], tie('whole')),
      infix(tie('whole'), ['/', '%'], wholeDivisor),
      tie('whole').map((inner) => `-(${inner})`),
      chosen(tie('truth'), tie('whole')),
    ),
    real: fc.oneof(
      { maxDepth: 3 },
      signal,
      real,
      infix(tie('real'), ['+', '-', '*'], tie('real')),
      infix(tie('real'), ['+', '-', '*'], tie('whole')),
      infix(tie('whole'), ['+', '-', '*'], tie('real')),
      infix(tie('real'), ['/'], fc.oneof(realDivisor, wholeDivisor)),
      tie('real').map((inner) => `-(${inner})`),
      chosen(tie('truth'), tie('real')),
    ),
    truth: fc.oneof(
      { maxDepth: 4 },
      infix(tie('real'), COMPARISONS, tie('real')),
      infix(tie('real'), COMPARISONS, tie('whole')),
      infix(tie('whole'), COMPARISONS, tie('real')),
      infix(tie('whole'), COMPARISONS, tie('whole')),
      infix(tie('truth'), ['&&', '||', '==', '!='], tie('truth')),
      tie('truth').map((inner) => `!(${inner})`),
      chosen(tie('truth'), tie('truth')),
      fc.constantFrom('true', 'false'),
    ),
  }));
  return truth;
}
