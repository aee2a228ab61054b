/** What is wrong with a condition that the library refuses, as an operator's sentence with the mend. */
import type { ParseError } from '@marcbachmann/cel-js';
import { isWindowFunction, WINDOW_FUNCTIONS } from './window-statistics.ts';

/** Names the place within the condition's text. */
export interface Refusal {
  readonly sentence: string;
  readonly start: number;
  readonly end: number;
}

export type TypeCheckError = Pick<ParseError, 'code' | 'summary' | 'range'>;

export const THERE_ARE = `there are ${WINDOW_FUNCTIONS.join(', ')}, age and missing`;

export function takes(name: string, signal: string): string {
  return isWindowFunction(name)
    ? `${name} takes a signal and a window between 1s and 3h, as in ${name}(${signal}, '5m')`
    : `${name} takes one signal, as in ${name}(${signal})`;
}

export function faultOf(error: TypeCheckError | undefined, source: string, signals: readonly string[]): Refusal {
  const start = error?.range?.start ?? 0;
  const end = Math.max(error?.range?.end ?? source.length, start);
  const sentence = sentenceOf(error, source.slice(start, end), source, signals);
  return { sentence, start, end };
}

function sentenceOf(
  error: TypeCheckError | undefined,
  piece: string,
  source: string,
  signals: readonly string[],
): string {
  const known = signals.length > 0 ? `the signals are ${[...signals].sort().join(', ')}` : 'the policy has no signals';
  switch (error?.code) {
    case 'unknown_variable':
    case 'reserved_identifier':
      return `no signal is called '${piece}'; ${known}`;
    case 'invalid_logical_operand':
      return `&&, || and ! join conditions, and a side of '${piece}' is a number; compare it with something first`;
    case 'incompatible_ternary_branches':
      return `both results of '${piece}' must be of one kind; write both with a decimal point or both without`;
    case 'limit_exceeded':
      return `the condition is too large or has a list, map or too deep a nesting (${error.summary}); split it into rules`;
    case 'no_such_overload':
    case 'no_matching_overload':
      return (
        callFault(piece, signals) ?? `'${piece}' does not fit together (${error.summary}); conditions compare numbers`
      );
    default:
      return `'${source.trim()}' is not a condition: ${slip(source) ?? reason(error)}`;
  }
}

/** A function that there is not, or that was given something else than it takes. */
function callFault(piece: string, signals: readonly string[]): string | undefined {
  const name = /^([A-Za-z_]\w*)\s*\(/.exec(piece)?.[1];
  if (name === undefined) return undefined;
  const known = isWindowFunction(name) || name === 'age' || name === 'missing';
  return known ? takes(name, signals[0] ?? 'cpu') : `there is no function ${name}; ${THERE_ARE}`;
}

/** What other languages write, and what CEL writes instead. */
const SLIPS: readonly (readonly [written: RegExp, mend: string])[] = [
  [/=>/, 'write >= for at least'],
  [/=</, 'write <= for at most'],
  [/[^=!<>]=[^=]/, 'write == where two numbers are to be the same'],
  [/<>/, 'write != where two numbers are to differ'],
  [/[^&]&(?:[^&]|$)|\band\b/i, 'write && for and'],
  [/[^|]\|(?:[^|]|$)|\bor\b/i, 'write || for or'],
  [/\bnot\b/i, 'write ! for not'],
];

const slip = (source: string): string | undefined => SLIPS.find(([written]) => written.test(source))?.[1];

function reason(error: TypeCheckError | undefined): string {
  if (error?.summary === 'Unexpected token: EOF') return 'it ends too early';
  return (error?.summary ?? 'it cannot be read').replace(/^./, (first) => first.toLowerCase());
}
