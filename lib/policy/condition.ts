/**
 * A checked condition turned into closures over one cell of the grid. Numbers are doubles with NaN for unknown; truth has three values
 * (Kleene): false settles `&&`, true settles `||`, whatever the other side is; a comparison with unknown is unknown, also under `!`.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { checkCondition } from './cel.ts';
import { durationSeconds } from './duration.ts';
import { pointsBefore, type Series, valueInCell, type Window } from './series.ts';
import { type WindowFunction, windowStatistic } from './window-statistics.ts';

export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Ternary = typeof FALSE | typeof TRUE | typeof UNKNOWN;

/** One cell of the grid, with the values of the condition's signals in it. */
export interface Frame {
  readonly window: Window;
  readonly cell: number;
  readonly cellMs: number;
  readonly values: Readonly<Record<string, number>>;
}

export interface Condition {
  readonly source: string;
  /** The signals it names, in order of appearance. */
  readonly signals: readonly string[];
  readonly comparisons: readonly Comparison[];
  evaluate(frame: Frame): Ternary;
}

/** One comparison within a condition, for explanations and for thresholds in pictures. */
export interface Comparison {
  readonly source: string;
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  /** The signal, where one side is just a signal and the other is a constant. */
  readonly signal?: string;
  readonly threshold?: number;
  left(frame: Frame): number;
  right(frame: Frame): number;
}

type Numeric = {
  readonly type: 'int' | 'double';
  readonly of: (frame: Frame) => number;
  readonly constant?: number;
  readonly signal?: string;
};
type Logical = { readonly type: 'bool'; readonly of: (frame: Frame) => Ternary };
type Compiled = Numeric | Logical;

/** Throws where `checkCondition` would say `bad`: conditions are checked when a policy is loaded. */
export function compileCondition(source: string, signals: readonly string[]): Condition {
  const checked = checkCondition(source, signals);
  if (checked.kind === 'bad') throw new Error(`unchecked condition '${source}': ${checked.sentence}`);
  const comparisons: Comparison[] = [];
  const root = compile(checked.ast, comparisons);
  if (root.type !== 'bool') throw new Error(`unchecked condition '${source}': not a bool`);
  return { source, signals: checked.signals, comparisons, evaluate: root.of };
}

/** The frame of one cell for the given signals. */
export function frameOf(window: Window, signals: readonly string[], cell: number, cellMs: number): MovableFrame {
  const frame = { window, cell, cellMs, values: {} };
  moveFrame(frame, signals, cell);
  return frame;
}

export interface MovableFrame extends Frame {
  cell: number;
  readonly values: Record<string, number>;
}

/** To another cell: conditions look at many in a row, and each is done with before the next. */
export function moveFrame(frame: MovableFrame, signals: readonly string[], cell: number): void {
  frame.cell = cell;
  for (const name of signals) frame.values[name] = valueInCell(frame.window, name, cell, frame.cellMs);
}

function compile(node: ASTNode, comparisons: Comparison[]): Compiled {
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
      return ternary(node.args, comparisons);
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
  const compiled = compile(node, comparisons);
  if (compiled.type !== 'bool') throw new Error('unchecked condition: a number where a truth is needed');
  return compiled;
}

function numeric(node: ASTNode, comparisons: Comparison[]): Numeric {
  const compiled = compile(node, comparisons);
  if (compiled.type === 'bool') throw new Error('unchecked condition: a truth where a number is needed');
  return compiled;
}

const negate = (truth: Ternary): Ternary => (truth === UNKNOWN ? UNKNOWN : truth === TRUE ? FALSE : TRUE);

function and(left: Logical, right: Logical): Logical {
  const of = (frame: Frame): Ternary => {
    const first = left.of(frame);
    if (first === FALSE) return FALSE;
    const second = right.of(frame);
    if (second === FALSE) return FALSE;
    return first === TRUE && second === TRUE ? TRUE : UNKNOWN;
  };
  return { type: 'bool', of };
}

function or(left: Logical, right: Logical): Logical {
  const of = (frame: Frame): Ternary => {
    const first = left.of(frame);
    if (first === TRUE) return TRUE;
    const second = right.of(frame);
    if (second === TRUE) return TRUE;
    return first === FALSE && second === FALSE ? FALSE : UNKNOWN;
  };
  return { type: 'bool', of };
}

/** An unknown condition still has a result where both branches agree. */
function ternary([test, yes, no]: readonly [ASTNode, ASTNode, ASTNode], comparisons: Comparison[]): Compiled {
  const condition = logical(test, comparisons);
  const whenTrue = compile(yes, comparisons);
  const whenFalse = compile(no, comparisons);
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
    const left = compile(leftNode, comparisons);
    const right = compile(rightNode, comparisons);
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

function sameTruth(operator: '==' | '!=', left: Logical, right: Logical): Logical {
  const of = (frame: Frame): Ternary => {
    const first = left.of(frame);
    const second = right.of(frame);
    if (first === UNKNOWN || second === UNKNOWN) return UNKNOWN;
    return (first === second) === (operator === '==') ? TRUE : FALSE;
  };
  return { type: 'bool', of };
}

const COMPARE: Readonly<Record<Comparison['operator'], (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

function comparison(
  node: ASTNode,
  operator: Comparison['operator'],
  left: Numeric,
  right: Numeric,
  comparisons: Comparison[],
): Logical {
  const holds = COMPARE[operator];
  const signal = left.signal ?? right.signal;
  const threshold = left.constant ?? right.constant;
  comparisons.push({
    source: node.input.slice(node.start, node.end),
    operator,
    ...(signal !== undefined && threshold !== undefined ? { signal, threshold } : {}),
    left: left.of,
    right: right.of,
  });
  const of = (frame: Frame): Ternary => {
    const a = left.of(frame);
    const b = right.of(frame);
    if (Number.isNaN(a) || Number.isNaN(b)) return UNKNOWN;
    return holds(a, b) ? TRUE : FALSE;
  };
  return { type: 'bool', of };
}

/** Division by zero is unknown, not infinite: no rule should hold because a divisor vanished. */
function arithmetic(operator: string, left: Numeric, right: Numeric): Numeric {
  const type = left.type === 'int' && right.type === 'int' ? 'int' : 'double';
  const of = arithmeticOf(operator, left.of, right.of, type);
  if (left.constant === undefined || right.constant === undefined) return { type, of };
  const constant = of({} as Frame);
  return { type, of, constant };
}

function arithmeticOf(operator: string, a: Numeric['of'], b: Numeric['of'], type: Numeric['type']): Numeric['of'] {
  const finite = (value: number) => (Number.isFinite(value) ? value : Number.NaN);
  switch (operator) {
    case '+':
      return (frame) => finite(a(frame) + b(frame));
    case '-':
      return (frame) => finite(a(frame) - b(frame));
    case '*':
      return (frame) => finite(a(frame) * b(frame));
    case '/':
      return type === 'int'
        ? (frame) => finite(Math.trunc(a(frame) / b(frame)))
        : (frame) => finite(a(frame) / b(frame));
    case '%':
      return (frame) => finite(a(frame) % b(frame));
    default:
      throw new Error(`unchecked condition: operator ${operator}`);
  }
}
