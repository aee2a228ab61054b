/** The tree of a checked condition, node by node, as closures. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { pointsBefore } from './cells.ts';
import type { Comparison, Frame } from './condition.ts';
import {
  and,
  arithmetic,
  type Compiled,
  comparison,
  type Logical,
  type Numeric,
  negate,
  or,
  sameTruth,
} from './condition-operators.ts';
import { durationSeconds } from './duration.ts';
import type { Series } from './series.ts';
import { FALSE, type Ternary, TRUE, UNKNOWN } from './ternary.ts';
import { type WindowFunction, windowStatistic } from './window-statistics.ts';

/** Throws at what a checked condition never has. Its comparisons are added to the list in order of appearance. */
export function compileTree(node: ASTNode, comparisons: Comparison[]): Compiled {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id': {
      const name = node.args;
      return { type: 'double', signal: name, of: (frame) => frame.values[name] ?? Number.NaN };
    }
    case '&&':
      return and(logical(node.args[0], comparisons), logical(node.args[1], comparisons));
    case '||':
      return or(logical(node.args[0], comparisons), logical(node.args[1], comparisons));
    case '!_': {
      const inner = logical(node.args, comparisons);
      return { type: 'bool', of: (frame) => negate(inner.of(frame)) };
    }
    case '-_': {
      const inner = numeric(node.args, comparisons);
      const negated = { type: inner.type, of: (frame: Frame) => -inner.of(frame) };
      return inner.constant === undefined ? negated : { ...negated, constant: -inner.constant };
    }
    case '?:':
      return conditional(node.args, comparisons);
    case 'call':
      return call(node.args[0], node.args[1]);
    default:
      return binary(node, comparisons);
  }
}

function literal(value: unknown): Compiled {
  if (typeof value === 'boolean') return { type: 'bool', of: () => (value ? TRUE : FALSE) };
  const number = Number(value);
  return { type: typeof value === 'bigint' ? 'int' : 'double', constant: number, of: () => number };
}

function logical(node: ASTNode, comparisons: Comparison[]): Logical {
  const compiled = compileTree(node, comparisons);
  if (compiled.type !== 'bool') throw new Error('unchecked condition: a number where a truth is needed');
  return compiled;
}

function numeric(node: ASTNode, comparisons: Comparison[]): Numeric {
  const compiled = compileTree(node, comparisons);
  if (compiled.type === 'bool') throw new Error('unchecked condition: a truth where a number is needed');
  return compiled;
}

/** An unknown condition still has a result where both branches agree. */
function conditional([test, yes, no]: readonly [ASTNode, ASTNode, ASTNode], comparisons: Comparison[]): Compiled {
  const condition = logical(test, comparisons);
  const whenTrue = compileTree(yes, comparisons);
  const whenFalse = compileTree(no, comparisons);
  if (whenTrue.type === 'bool' && whenFalse.type === 'bool') {
    const of = (frame: Frame): Ternary => {
      const truth = condition.of(frame);
      if (truth !== UNKNOWN) return truth === TRUE ? whenTrue.of(frame) : whenFalse.of(frame);
      const first = whenTrue.of(frame);
      return first === whenFalse.of(frame) ? first : UNKNOWN;
    };
    return { type: 'bool', of };
  }
  if (whenTrue.type === 'bool' || whenFalse.type === 'bool') throw new Error('unchecked condition: mixed ternary');
  const of = (frame: Frame): number => {
    const truth = condition.of(frame);
    if (truth !== UNKNOWN) return truth === TRUE ? whenTrue.of(frame) : whenFalse.of(frame);
    const first = whenTrue.of(frame);
    return first === whenFalse.of(frame) ? first : Number.NaN;
  };
  return { type: whenTrue.type, of };
}

function call(name: string, args: readonly ASTNode[]): Compiled {
  const [signalNode, windowNode] = args;
  const signal = signalNode?.op === 'id' ? signalNode.args : '';
  const seriesIn = (frame: Frame): Series | undefined => frame.window.series[signal];
  if (name === 'missing')
    return { type: 'bool', of: (frame) => (Number.isNaN(frame.values[signal] ?? Number.NaN) ? TRUE : FALSE) };
  if (name === 'age') return { type: 'double', of: (frame) => ageSeconds(seriesIn(frame), frame.window.now) };
  const windowMs = 1000 * (durationSeconds(windowNode?.op === 'value' ? String(windowNode.args) : '') ?? 0);
  const of = (frame: Frame): number => {
    const points = pointsBefore(frame.window, signal, (frame.cell + 1) * frame.cellMs, windowMs);
    const expected = Math.max(1, Math.floor(windowMs / (seriesIn(frame)?.periodMs ?? windowMs)));
    return points.length * 2 < expected ? Number.NaN : windowStatistic(name as WindowFunction, points);
  };
  return { type: 'double', of };
}

function ageSeconds(series: Series | undefined, now: number): number {
  const newest = series?.points[series.points.length - 1];
  return series === undefined || newest === undefined ? Number.NaN : (now - newest[0] - series.periodMs) / 1000;
}

type Binary = Extract<ASTNode, { args: readonly [ASTNode, ASTNode] | [ASTNode, ASTNode] }>;

function binary(node: ASTNode, comparisons: Comparison[]): Compiled {
  const [leftNode, rightNode] = (node as Binary).args as readonly [ASTNode, ASTNode];
  if (node.op === '==' || node.op === '!=') {
    const left = compileTree(leftNode, comparisons);
    const right = compileTree(rightNode, comparisons);
    if (left.type === 'bool' && right.type === 'bool') return sameTruth(node.op, left, right);
    if (left.type === 'bool' || right.type === 'bool') throw new Error('unchecked condition: mixed comparison');
    return comparison(node, node.op, left, right, comparisons);
  }
  const left = numeric(leftNode, comparisons);
  const right = numeric(rightNode, comparisons);
  switch (node.op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node, node.op, left, right, comparisons);
    default:
      return arithmetic(node.op, left, right);
  }
}
