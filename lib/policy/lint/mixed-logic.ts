/** `a && b || c` without parentheses: the machine knows what binds first, the reader at night may not. */
import { conditionsIn } from './rules-of.ts';
import type { LintRule } from './warning.ts';

export const mixedLogic: LintRule = {
  name: 'mixed-logic',
  find: (subject) =>
    conditionsIn(subject).flatMap(({ condition: { source }, path }) => {
      const mended = withParentheses(source);
      if (mended === undefined) return [];
      return [{ path, sentence: `&& and || are mixed without parentheses; if it is meant so, write ${mended}` }];
    }),
};

/** Operands of one level between two parentheses, or between the parts of a ternary. */
interface Level {
  readonly from: number;
  readonly ands: number[];
  readonly ors: number[];
}

/** The same condition with its parentheses written; undefined where nothing is mixed. */
export function withParentheses(source: string): string | undefined {
  const marks = levelsOf(source)
    .filter(({ ands, ors }) => ands.length > 0 && ors.length > 0)
    .flatMap(({ from, to, ands, ors }) => {
      const edges = [from, ...ors.flatMap((at) => [at, at + 2]), to];
      const operands = Array.from(
        { length: ors.length + 1 },
        (_, index) => [edges[2 * index] ?? 0, edges[2 * index + 1] ?? 0] as const,
      );
      return operands
        .filter(([start, end]) => ands.some((at) => start < at && at < end))
        .flatMap(([start, end]) => bracketsOf(source, start, end));
    });
  if (marks.length === 0) return undefined;
  return marks
    .sort((a, b) => b.at - a.at)
    .reduce((text, { at, bracket }) => text.slice(0, at) + bracket + text.slice(at), source.trimEnd());
}

function bracketsOf(source: string, start: number, end: number) {
  const text = source.slice(start, end);
  return [
    { at: start + text.length - text.trimStart().length, bracket: '(' },
    { at: start + text.trimEnd().length, bracket: ')' },
  ];
}

/** Text in quotes and comments is skipped. */
function levelsOf(source: string): readonly (Level & { readonly to: number })[] {
  const done: (Level & { readonly to: number })[] = [];
  const open: Level[] = [];
  let level: Level = { from: 0, ands: [], ors: [] };
  const close = (to: number) => done.push({ ...level, to });
  for (const { 0: token, index } of source.matchAll(/'[^']*'|"[^"]*"|\/\/[^\n]*|&&|\|\||[()?:,]/g)) {
    const next: Level = { from: index + 1, ands: [], ors: [] };
    if (token === '&&') level.ands.push(index);
    else if (token === '||') level.ors.push(index);
    else if (token === '(') {
      open.push(level);
      level = next;
    } else if (token === ')') {
      close(index);
      level = open.pop() ?? next;
    } else if (token === '?' || token === ':' || token === ',') {
      close(index);
      level = next;
    }
  }
  close(source.trimEnd().length);
  return done;
}
