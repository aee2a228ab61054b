/** The words of a PromQL query, as far as its selectors must be found: brackets, names, text, and everything else. */

export interface Token {
  readonly kind: 'name' | 'text' | 'open' | 'close' | 'other';
  readonly text: string;
  /** Offsets in the query. */
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /(?<skip>\s+|#[^\n]*)|(?<name>[A-Za-z_:][A-Za-z0-9_:]*)|(?<text>"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|`[^`]*`)|(?<open>[({[])|(?<close>[)}\]])|(?<other>\d[\w.]*|[^\s"'`])/y;

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/** Undefined where a bracket or a quote is never closed: then nothing can be said about the query. */
export function tokensOf(query: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.length) {
    const start = TOKEN.lastIndex;
    const groups = TOKEN.exec(query)?.groups;
    if (groups === undefined) return undefined;
    const kind = (['name', 'text', 'open', 'close', 'other'] as const).find((one) => groups[one] !== undefined);
    if (kind === undefined) continue;
    const text = query.slice(start, TOKEN.lastIndex);
    if (kind === 'open') open.push(PAIRS[text] ?? '');
    if (kind === 'close' && open.pop() !== text) return undefined;
    tokens.push({ kind, text, start, end: TOKEN.lastIndex });
  }
  return open.length === 0 ? tokens : undefined;
}
