/** The numbers that a condition compares with, and the condition with others in their place. */
import { type ConditionCheck, checkCondition } from '../../policy/cel.ts';

type Node = Extract<ConditionCheck, { kind: 'ok' }>['ast'];

const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/** A number that something is compared with, and where it stands in the text. */
export interface Threshold {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** What is compared with it, as it is written. */
  readonly of: string;
}

/** In the order of the text. Equality is no threshold: `jobs == 0` means what it says. */
export function thresholdsIn(condition: string, signals: readonly string[]): readonly Threshold[] {
  const checked = checkCondition(condition, signals);
  if (checked.kind === 'bad') throw new Error(`unchecked condition '${condition}': ${checked.sentence}`);
  const found: Threshold[] = [];
  collect(checked.ast, found);
  return found.sort((a, b) => a.start - b.start);
}

/** @param changed the new value of each threshold */
export function withThresholds(
  condition: string,
  signals: readonly string[],
  changed: (threshold: Threshold) => number,
): string {
  let text = condition;
  for (const threshold of thresholdsIn(condition, signals).toReversed()) {
    text = text.slice(0, threshold.start) + String(rounded(changed(threshold))) + text.slice(threshold.end);
  }
  return text;
}

/** Three digits are what a person would write. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function collect(node: Node, found: Threshold[]): void {
  if (COMPARISONS.has(node.op)) {
    const [left, right] = node.args as [Node, Node];
    note(right, left, found);
    note(left, right, found);
    return;
  }
  const children = Array.isArray(node.args) ? node.args.flat() : [node.args];
  for (const child of children) if (isNode(child)) collect(child, found);
}

function note(number: Node, of: Node, found: Threshold[]): void {
  if (number.op !== 'value' || of.op === 'value') return;
  const value = Number(number.args);
  if (Number.isFinite(value)) {
    found.push({ start: number.start, end: number.end, value, of: of.input.slice(of.start, of.end) });
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value;
}
