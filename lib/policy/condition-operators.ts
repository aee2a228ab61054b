/** What the operators of a condition make of their operands' closures. */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Comparison, Frame } from './condition.ts';
import { FALSE, type Ternary, TRUE, UNKNOWN } from './ternary.ts';

export type Numeric = {
  readonly type: 'int' | 'double';
  readonly of: (frame: Frame) => number;
  readonly constant?: number;
  readonly signal?: string;
};
export type Logical = { readonly type: 'bool'; readonly of: (frame: Frame) => Ternary };
export type Compiled = Numeric | Logical;

export const negate = (truth: Ternary): Ternary => (truth === UNKNOWN ? UNKNOWN : truth === TRUE ? FALSE : TRUE);

export const and = connective(FALSE);
export const or = connective(TRUE);

/** Kleene's: one operand that is `deciding` decides, whatever the other is; else both must be known. */
function connective(deciding: Ternary): (left: Logical, right: Logical) => Logical {
  const otherwise = negate(deciding);
  return (left, right) => {
    const of = (frame: Frame): Ternary => {
      const first = left.of(frame);
      if (first === deciding) return deciding;
      const second = right.of(frame);
      if (second === deciding) return deciding;
      return first === UNKNOWN || second === UNKNOWN ? UNKNOWN : otherwise;
    };
    return { type: 'bool', of };
  };
}

export function sameTruth(operator: '==' | '!=', left: Logical, right: Logical): Logical {
  const of = (frame: Frame): Ternary => {
    const first = left.of(frame);
    const second = right.of(frame);
    if (first === UNKNOWN || second === UNKNOWN) return UNKNOWN;
    return (first === second) === (operator === '==') ? TRUE : FALSE;
  };
  return { type: 'bool', of };
}

export const HOLDS: Readonly<Record<Comparison['operator'], (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

export function comparison(
  node: ASTNode,
  operator: Comparison['operator'],
  left: Numeric,
  right: Numeric,
  comparisons: Comparison[],
): Logical {
  const holds = HOLDS[operator];
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
export function arithmetic(operator: string, left: Numeric, right: Numeric): Numeric {
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
