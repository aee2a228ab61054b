/** What is wrong with a policy file, and where: the words that every check of a document uses. */

/** A policy file as somebody read it: `name` is what sentences call it. */
export interface PolicyFile {
  readonly name: string;
  readonly text: string;
}

/** From the root of a document to a value. */
export type Path = readonly (string | number)[];

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Place {
  readonly file: string;
  /** As in `services[0].capacity.min`; empty for the whole document. */
  readonly path: string;
  /** The whole sentence: file, line, field, value and the mend. */
  readonly message: string;
}

/** A document that was read, and where its values stand. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** Of the key that holds the value, of the item in a list, else of the nearest one around it. */
  place(path: Path): Place;
  /** Where the text of a scalar begins, if it stands in the file as it is (one line, no escapes). */
  textAt(path: Path, text: string): Place | undefined;
}

/** More than anybody mends in one go. */
export const MOST_PROBLEMS = 100;

/** Collects problems, each once; a fault of the defaults is found with every service. Throws `TooManyProblems` where more cannot help. */
export class Problems {
  readonly #found = new Map<string, Problem>();
  #said = 0;

  add(one: Problem): void {
    this.#found.set(`${one.column} ${one.message}`, one);
    this.#said += 1;
    if (this.#found.size >= MOST_PROBLEMS || this.#said >= 10 * MOST_PROBLEMS) throw new TooManyProblems();
  }

  get found(): readonly Problem[] {
    return [...this.#found.values()];
  }
}

export class TooManyProblems extends Error {}

/** `rest` says what is wrong and how to mend it, without a final full stop. */
export function problem(source: Source, path: Path, rest: string, place = source.place(path)): Problem {
  const field = pathText(path);
  return problemIn(source.file, place, field, `${field === '' ? 'the document' : field} ${rest}`);
}

export function problemIn(file: string, place: Place, path: string, clause: string): Problem {
  return { file, ...place, path, message: `${file}:${place.line}: ${clause}${clause.endsWith('?') ? '' : '.'}` };
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w-]{1,80}$/.test(step)) return `${text}[${valueText(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** A value as a sentence shows it: never longer than a line. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 60 ? text : `${text.slice(0, 56)}…${typeof value === 'string' ? '"' : ''}`;
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}
