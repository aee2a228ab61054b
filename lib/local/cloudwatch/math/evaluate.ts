/** Metric math evaluated over the queries of one request. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { FunctionName, Node } from './parse.ts';
import { MathFault } from './tokens.ts';
import { aggregate, isArray, operate, type Series, type Value, valueAt } from './values.ts';

/** What an expression can refer to. */
export interface Surroundings {
  /** Throws a `MathFault` where there is no such query, or where it leads back to itself. */
  seriesOf(id: string): Value;
  /** Of the queries that are metrics, by their ids. */
  metrics(): readonly (readonly [string, Series])[];
  /** Start of every period of the request, oldest first. */
  readonly periods: readonly EpochMs[];
}

export function evaluate(node: Node, around: Surroundings): Value {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'id':
      return around.seriesOf(node.id);
    case 'array':
      return node.items.map((item) => series(evaluate(item, around), 'an array'));
    case 'binary':
      return operate(node.operator, evaluate(node.left, around), evaluate(node.right, around));
    case 'word':
      throw new MathFault(`"${node.text}" is no value`);
    case 'call':
      return FUNCTIONS[node.name](node.args, around);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

const FUNCTIONS: Readonly<Record<FunctionName, (args: readonly Node[], around: Surroundings) => Value>> = {
  SUM: aggregating('SUM', sum),
  AVG: aggregating('AVG', (values) => sum(values) / values.length),
  MAX: aggregating('MAX', (values) => Math.max(...values)),
  MIN: aggregating('MIN', (values) => Math.min(...values)),
  RATE: (args, around) => each(evaluate(only('RATE', args), around), 'RATE', ratePerSecond),
  IF: ([condition, yes, no, ...more], around) => {
    if (condition === undefined || yes === undefined || more.length > 0)
      throw new MathFault('IF takes two or three values');
    const otherwise = no === undefined ? new Map<EpochMs, number>() : evaluate(no, around);
    return choose(evaluate(condition, around), evaluate(yes, around), otherwise);
  },
  FILL: ([filled, filler, ...more], around) => {
    if (filled === undefined || filler === undefined || more.length > 0) throw new MathFault('FILL takes two values');
    const by = filler.kind === 'word' ? filler.text : evaluate(filler, around);
    return each(evaluate(filled, around), 'FILL', (one) => fill(one, by, around.periods));
  },
  METRICS: ([pattern], around) => {
    const text = pattern?.kind === 'word' ? pattern.text : '';
    return around.metrics().flatMap(([id, one]) => (id.includes(text) ? [one] : []));
  },
};

function aggregating(name: string, of: (values: readonly number[]) => number) {
  return (args: readonly Node[], around: Surroundings) => aggregate(evaluate(only(name, args), around), of);
}

function only(name: string, [first, ...more]: readonly Node[]): Node {
  if (first === undefined || more.length > 0) throw new MathFault(`${name} takes one value`);
  return first;
}

function each(value: Value, name: string, of: (one: Series) => Series): Value {
  return isArray(value) ? value.map(of) : of(series(value, name));
}

function series(value: Value, where: string): Series {
  if (typeof value === 'number' || isArray(value)) throw new MathFault(`${where} takes time series`);
  return value;
}

/** The first datapoint has nothing before it. */
function ratePerSecond(one: Series): Series {
  const points = [...one].sort(([a], [b]) => a - b);
  return new Map(
    points.slice(1).map(([at, value], i) => {
      const [before, old] = points[i] ?? [at, value];
      return [at, (value - old) / ((at - before) / 1000)];
    }),
  );
}

function choose(condition: Value, yes: Value, no: Value): Value {
  if (typeof condition === 'number') return condition !== 0 ? yes : no;
  if (isArray(condition) || isArray(yes) || isArray(no)) throw new MathFault('IF takes numbers and time series');
  const chosen = new Map<EpochMs, number>();
  for (const [at, truth] of condition) {
    const value = valueAt(truth !== 0 ? yes : no, at);
    if (value !== undefined) chosen.set(at, value);
  }
  return chosen;
}

function fill(one: Series, by: Value | string, periods: readonly EpochMs[]): Series {
  if (by !== 'REPEAT' && by !== 'LINEAR' && (typeof by === 'string' || isArray(by))) {
    throw new MathFault('FILL fills with a number, a time series, REPEAT or LINEAR');
  }
  const filled = new Map<EpochMs, number>();
  for (const at of periods) {
    const value = one.get(at) ?? (typeof by === 'string' ? between(one, at, by) : valueAt(by, at));
    if (value !== undefined) filled.set(at, value);
  }
  return filled;
}

function between(one: Series, at: EpochMs, by: 'REPEAT' | 'LINEAR'): number | undefined {
  const points = [...one].sort(([a], [b]) => a - b);
  const before = points.findLast(([start]) => start < at);
  if (by === 'REPEAT' || before === undefined) return before?.[1];
  const after = points.find(([start]) => start > at);
  if (after === undefined) return undefined;
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
}
