/** The values of metric math: a number, a time series, or several time series. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { Operator } from './parse.ts';
import { MathFault } from './tokens.ts';

/** Period start to value. */
export type Series = ReadonlyMap<EpochMs, number>;
export type Value = number | Series | readonly Series[];

export function isArray(value: Value): value is readonly Series[] {
  return Array.isArray(value);
}

const OPERATIONS: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
};

/** Of two series only the periods that both have; a division by zero has no result. */
export function operate(operator: Operator, left: Value, right: Value): Value {
  const operation = OPERATIONS[operator];
  if (isArray(left) && isArray(right)) throw new MathFault(`two arrays cannot stand beside ${operator}`);
  if (isArray(left)) return left.map((one) => operate(operator, one, right) as Series);
  if (isArray(right)) return right.map((one) => operate(operator, left, one) as Series);
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  const times = typeof left === 'number' ? (right as Series).keys() : left.keys();
  const result = new Map<EpochMs, number>();
  for (const at of times) {
    const [a, b] = [valueAt(left, at), valueAt(right, at)];
    const value = a === undefined || b === undefined ? Number.NaN : operation(a, b);
    if (Number.isFinite(value)) result.set(at, value);
  }
  return result;
}

export function valueAt(value: number | Series, at: EpochMs): number | undefined {
  return typeof value === 'number' ? value : value.get(at);
}

/** Over the time of one series a number; over several series one, of whatever each period has. */
export function aggregate(value: Value, of: (values: readonly number[]) => number): Value {
  if (typeof value === 'number') return value;
  if (!isArray(value)) return value.size === 0 ? Number.NaN : of([...value.values()]);
  const periods = new Map<EpochMs, number[]>();
  for (const series of value) {
    for (const [at, one] of series) {
      const known = periods.get(at);
      if (known === undefined) periods.set(at, [one]);
      else known.push(one);
    }
  }
  return new Map([...periods].sort(([a], [b]) => a - b).map(([at, values]) => [at, of(values)]));
}
