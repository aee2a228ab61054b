/** Metric math as a tree: the four operations, comparisons, functions, arrays. What else CloudWatch has is refused by name. */
import { MathFault, type Token, tokensOf } from './tokens.ts';

export type Node =
  | { readonly kind: 'number'; readonly value: number }
  /** Another query of the request. */
  | { readonly kind: 'id'; readonly id: string }
  /** Only an argument: `REPEAT`, or the text after which METRICS looks. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Node[] }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Node; readonly right: Node };

export type Operator = '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '==' | '!=';

const FUNCTIONS = ['IF', 'FILL', 'SUM', 'AVG', 'MAX', 'MIN', 'RATE', 'METRICS'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];
const DEEPEST = 40;

/** Throws a `MathFault`. */
export function parseMath(expression: string): Node {
  const parser = new Parser(tokensOf(expression));
  const node = parser.level(0, 0);
  parser.take('end');
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  level(level: number, depth: number): Node {
    if (depth > DEEPEST) throw new MathFault(`it is nested deeper than ${DEEPEST}`);
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary(depth);
    let left = this.level(level + 1, depth + 1);
    while (this.#peek().kind === 'symbol' && operators.includes(this.#peek().text)) {
      const operator = this.#advance().text as Operator;
      left = { kind: 'binary', operator, left, right: this.level(level + 1, depth + 1) };
    }
    return left;
  }

  take(kind: Token['kind'], text?: string): Token {
    const token = this.#advance();
    if (token.kind === kind && (text === undefined || token.text === text)) return token;
    throw new MathFault(`${text ?? kind} is expected at ${token.at}, where ${token.text} stands`);
  }

  #unary(depth: number): Node {
    if (!this.#isSymbol('-')) return this.#primary(depth);
    this.#advance();
    return { kind: 'binary', operator: '-', left: { kind: 'number', value: 0 }, right: this.level(3, depth + 1) };
  }

  #primary(depth: number): Node {
    const token = this.#advance();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'word', text: token.text };
    if (token.kind === 'name') return this.#named(token, depth);
    if (token.text === '(') {
      const inner = this.level(0, depth + 1);
      this.take('symbol', ')');
      return inner;
    }
    if (token.text === '[') return { kind: 'array', items: this.#list(']', depth) };
    throw new MathFault(`a value is expected at ${token.at}, where ${token.text} stands`);
  }

  #named({ text }: Token, depth: number): Node {
    const isCall = this.#isSymbol('(');
    if (!isCall && /^[a-z]/.test(text)) return { kind: 'id', id: text };
    if (!isCall && (text === 'REPEAT' || text === 'LINEAR')) return { kind: 'word', text };
    const name = FUNCTIONS.find((known) => known === text);
    if (!isCall || name === undefined) throw new MathFault(`the local cloud does not evaluate ${text}`);
    this.#advance();
    return { kind: 'call', name, args: this.#list(')', depth) };
  }

  #list(closing: string, depth: number): Node[] {
    const items: Node[] = [];
    if (this.#isSymbol(closing)) {
      this.#advance();
      return items;
    }
    for (;;) {
      items.push(this.level(0, depth + 1));
      if (!this.#isSymbol(',')) break;
      this.#advance();
    }
    this.take('symbol', closing);
    return items;
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.text === text;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: 'its end', at: 0 };
  }

  #advance(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }
}
