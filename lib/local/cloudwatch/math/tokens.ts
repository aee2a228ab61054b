/** The words of a metric math expression. */

export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'symbol' | 'end';
  readonly text: string;
  /** Offset in the expression. */
  readonly at: number;
}

/** Why an expression cannot be evaluated, as a clause. */
export class MathFault extends Error {
  override readonly name = 'MathFault';
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|"([^"]*)"|'([^']*)'|([<>=!]=|[-+*/<>(),[\]]))/y;

export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (expression.slice(at).trim() !== '') {
    const match = TOKEN.exec(expression);
    if (match === null)
      throw new MathFault(`the local cloud does not evaluate ${expression.slice(at).trim().charAt(0)}`);
    const [, number, name, double, single, symbol] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
    else tokens.push({ kind: 'text', text: double ?? single ?? '', at });
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: 'end', text: 'its end', at: expression.length }];
}
