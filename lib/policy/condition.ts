/**
 * A checked condition turned into closures over one cell of the grid. Numbers are doubles with NaN for unknown; a comparison with unknown is
 * unknown, also under `!`.
 */
import { checkCondition } from './cel.ts';
import { valueInCell } from './cells.ts';
import { compileTree } from './condition-tree.ts';
import type { Window } from './series.ts';
import type { Ternary } from './ternary.ts';

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

/** Throws where `checkCondition` would say `bad`: conditions are checked when a policy is loaded. */
export function compileCondition(source: string, signals: readonly string[]): Condition {
  const checked = checkCondition(source, signals);
  if (checked.kind === 'bad') throw new Error(`unchecked condition '${source}': ${checked.sentence}`);
  const comparisons: Comparison[] = [];
  const root = compileTree(checked.ast, comparisons);
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
