/**
 * YAML (and JSON, which is YAML) as a tree, with limits that hold before anything is built: size, tokens, depth. The library's own limits
 * come too late: it checks duplicate keys in quadratic time, recurses on depth, and collects an Error for each fault of a hostile text.
 */
import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser } from 'yaml';

export const LIMITS = Object.freeze({
  /** A fleet comes as several files. */
  bytes: 256 * 1024,
  /** A real file of that size has about 120,000. */
  tokens: 150_000,
  /** A policy needs about twelve. */
  depth: 40,
  /** After anchors are followed. */
  values: 50_000,
});

/** The first fault of a text; `rest` follows the file and the line. */
export class SyntaxFault extends Error {
  readonly offset: number;
  constructor(offset: number, rest: string) {
    super(rest);
    this.offset = offset;
  }
}

/** Throws a `SyntaxFault`. */
export function syntaxTree(text: string): ParsedNode {
  refuseSize(text);
  const tokens = concreteTokens(text);
  const document = compose(tokens, text.length);
  const error = document?.errors[0];
  if (error !== undefined) throw faultOf(error.pos[0], error.code, error.message);
  if (document?.contents == null) throw new SyntaxFault(0, 'the file is empty; write version: 1 and services');
  return document.contents;
}

function refuseSize(text: string): void {
  const bytes = text.length > LIMITS.bytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes <= LIMITS.bytes) return;
  throw new SyntaxFault(
    0,
    `the file has ${kibibytes(bytes)} KB, above the limit of ${kibibytes(LIMITS.bytes)}; split it into several files`,
  );
}

const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);

function concreteTokens(text: string): CST.Token[] {
  const lexemes: string[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    if (lexemes.push(lexeme) > LIMITS.tokens)
      throw new SyntaxFault(0, `the file has more than ${LIMITS.tokens} words and marks; split it into several files`);
  }
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const keep = (token: CST.Token) => {
    refuseToken(token, tokens);
    tokens.push(token);
  };
  for (const lexeme of lexemes) {
    for (const token of parser.next(lexeme)) keep(token);
    if (parser.stack.length > LIMITS.depth)
      throw new SyntaxFault(
        parser.offset,
        `values lie more than ${LIMITS.depth} levels deep here; no policy needs that`,
      );
  }
  for (const token of parser.end()) keep(token);
  return tokens;
}

function refuseToken(token: CST.Token, before: readonly CST.Token[]): void {
  if (token.type === 'directive')
    throw new SyntaxFault(
      token.offset,
      `${token.source.slice(0, 40)} is a directive, which policies do without; delete the line`,
    );
  if (token.type === 'error') throw faultOf(token.offset, 'UNEXPECTED_TOKEN', token.message);
  if (token.type === 'document' && before.some(({ type }) => type === 'document'))
    throw new SyntaxFault(token.offset, 'a second document begins here; put it into a file of its own');
}

function compose(tokens: readonly CST.Token[], length: number): Document.Parsed | undefined {
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, schema: 'failsafe', logLevel: 'silent' });
  let first: SyntaxFault | undefined;
  // Without this the library makes an Error of each of 260,000 commas, which takes two seconds. It repeats what is thrown from within a
  // collection once for each level around it, so the first fault is kept. Should the field be renamed one day, `errors` still has it.
  Reflect.set(composer, 'onError', (at: unknown, code: string, message: string, warning?: boolean) => {
    if (warning === true && code !== 'TAG_RESOLVE_FAILED') return;
    first ??= faultOf(offsetOf(at), code, message);
    throw first;
  });
  let document: Document.Parsed | undefined;
  for (const one of composer.compose(tokens, true, length)) document ??= one as Document.Parsed;
  return document;
}

function offsetOf(at: unknown): number {
  if (typeof at === 'number') return at;
  if (Array.isArray(at)) return Number(at[0]);
  return typeof at === 'object' && at !== null && 'offset' in at ? Number(at.offset) : 0;
}

const FAULTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab indents this line; use spaces',
  BAD_INDENT: 'the indentation does not fit the lines around it; begin all keys of a map in one column',
  BLOCK_AS_IMPLICIT_KEY:
    'a map begins inside a value; mend the indentation, or put a text that has ": " in it in quotes',
  BLOCK_IN_FLOW: 'inside braces and brackets a comma stands between entries; add it',
  TAG_RESOLVE_FAILED: 'tags (!name) are not read; write the plain value',
  BAD_ALIAS: 'an anchor or alias (& or *) has no proper name; put a text that begins with & or * in quotes',
  BAD_SCALAR_START: 'a text cannot begin with this character; put it in quotes',
  BAD_DQ_ESCAPE: 'a text in double quotes has an escape that does not exist; put it in single quotes',
};

/** Where one code of the library stands for several faults. */
const FAULTS_BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/^Flow map/, 'a brace is not closed; close it with }'],
  [/^Flow sequence/, 'a bracket is not closed; close it with ]'],
  [/^Implicit map keys need/, 'a word stands alone; write key: value'],
  [/^Missing closing/, 'a quote is not closed; close it'],
  [/^Sequence item without/, 'a line is indented between its neighbours; line it up with one of them'],
];

function faultOf(offset: number, code: string, message: string): SyntaxFault {
  const known = FAULTS_BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? FAULTS[code];
  const first = message.split('\n')[0]?.slice(0, 120) ?? '';
  return new SyntaxFault(
    offset,
    known ?? `this is not YAML (${first.replace(/^./, (c) => c.toLowerCase())}); mend the line`,
  );
}
