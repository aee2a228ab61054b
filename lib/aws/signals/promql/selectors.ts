/**
 * The selectors of a PromQL query: where a query touches series. They are needed to know how old a value is (the time of the newest sample
 * behind it; the query itself stamps its own time on old samples), and to keep a query to the series of its service.
 */
import { type Token, tokensOf } from './tokens.ts';

export interface Selector {
  /** Name and matchers, without a range or an offset. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** It names a label that its series must have; the metric's name alone does not count. */
  readonly scoped: boolean;
  /** It asks for the past: its samples say nothing about the age of the value. */
  readonly past: boolean;
}

const LABEL_LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
/** Names that stand between selectors. `nan` and `inf` are numbers. */
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'nan', 'inf']);

/** Undefined where the query's brackets or quotes do not close. */
export function selectorsOf(query: string): readonly Selector[] | undefined {
  const tokens = tokensOf(query);
  if (tokens === undefined) return undefined;
  const found: Selector[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const next = tokens[at + 1];
    if (token.kind === 'open' && token.text !== '{') {
      if (token.text === '[') at = closing(tokens, at);
      continue;
    }
    if (token.kind !== 'name' && token.text !== '{') continue;
    if (LABEL_LISTS.has(token.text.toLowerCase())) {
      if (next?.text === '(') at = closing(tokens, at + 1);
      continue;
    }
    // A function or an aggregation; `sum by (x) (…)` too.
    if (token.kind === 'name' && isNoMetric(token, next)) continue;
    const open = token.text === '{' ? at : next?.text === '{' ? at + 1 : undefined;
    const last = open === undefined ? at : closing(tokens, open);
    found.push(selector(query, tokens, at, open, last));
    at = last;
  }
  return found;
}

function isNoMetric({ text }: Token, next: Token | undefined): boolean {
  const following = next?.text.toLowerCase();
  return following === '(' || following === 'by' || following === 'without' || WORDS.has(text.toLowerCase());
}

function selector(
  query: string,
  tokens: readonly Token[],
  first: number,
  open: number | undefined,
  last: number,
): Selector {
  const [start, end] = [tokens[first]?.start ?? 0, tokens[last]?.end ?? 0];
  const matchers = open === undefined ? [] : tokens.slice(open + 1, last);
  return {
    text: query.slice(start, end),
    start,
    end,
    scoped: namesALabel(matchers),
    past: asksForThePast(tokens, last),
  };
}

/** `label="x"` or `label=~"x"`: a matcher that picks; `!=` only leaves some out. Labels may be in quotes. */
function namesALabel(matchers: readonly Token[]): boolean {
  return matchers.some((token, i) => {
    const isLabel = token.kind === 'name' || token.kind === 'text';
    const picks = matchers[i + 1]?.text === '=' && matchers[i - 1]?.text !== '=' && matchers[i - 1]?.text !== '~';
    return isLabel && picks && token.text.replace(/["'`]/g, '') !== '__name__';
  });
}

/** `offset 5m` or `@ 1700000000` after the selector, or after its range. */
function asksForThePast(tokens: readonly Token[], last: number): boolean {
  const after = tokens[last + 1]?.text === '[' ? closing(tokens, last + 1) + 1 : last + 1;
  const word = tokens[after]?.text.toLowerCase();
  return word === 'offset' || word === '@';
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.kind === 'open') depth += 1;
    if (tokens[at]?.kind === 'close' && --depth === 0) return at;
  }
  return tokens.length - 1;
}

/** The query with these labels required of every selector. */
export function scopedTo(
  query: string,
  selectors: readonly Selector[],
  labels: Readonly<Record<string, string>>,
): string {
  const required = Object.entries(labels).map(([label, value]) => `${labelText(label)}=${JSON.stringify(value)}`);
  if (required.length === 0) return query;
  return selectors.toReversed().reduce((text, { start, end, text: own }) => {
    const braced = own.endsWith('}') ? own.slice(0, -1).trimEnd() : `${own}{`;
    const comma = braced.endsWith('{') || braced.endsWith(',') ? '' : ',';
    return `${text.slice(0, start)}${braced}${comma}${required.join(',')}}${text.slice(end)}`;
  }, query);
}

/** Prometheus 3 and CloudWatch have labels of any characters, in quotes. */
function labelText(label: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(label) ? label : JSON.stringify(label);
}
