/** What a check needs: the values of one service, and a way to say what is wrong with one of them. */
import { nearest } from './nearest.ts';
import { type Path, type Place, type Problems, problem, type Source, valueText } from './problem.ts';
import type { DefaultsDocument, ServiceDocument } from './schema.ts';

export interface Scope {
  /** `rest` follows the field in the sentence and ends with the mend. `from` points into the text of the value itself. */
  say(path: Path, rest: string, from?: { readonly text: string; readonly offset: number }): void;
}

export function within(scope: Scope, ...steps: Path): Scope {
  return { say: (path, rest, from) => scope.say([...steps, ...path], rest, from) };
}

/** The scope of a path in one document. */
export function scopeOf(source: Source, problems: Problems, base: Path = []): Scope {
  return {
    say: (path, rest, from) =>
      problems.add(problem(source, [...base, ...path], rest, placeIn(source, [...base, ...path], from))),
  };
}

function placeIn(source: Source, path: Path, from: { text: string; offset: number } | undefined): Place {
  const start = from === undefined ? undefined : source.textAt(path, from.text);
  return start === undefined ? source.place(path) : { line: start.line, column: start.column + (from?.offset ?? 0) };
}

/** A document of a service with the defaults under it. */
export interface Inherited {
  readonly document: ServiceDocument;
  /** Names of the signals that the service declares itself. */
  readonly ownSignals: ReadonlySet<string>;
  /** Says a problem where the value was written: in the service, or in the defaults. */
  readonly scope: Scope;
}

export interface Written<Document> {
  readonly document: Document;
  readonly source: Source;
  readonly path: Path;
}

/**
 * The rules of merging: what a service says counts. `capacity`, `signals`, `pace` and `guard` are merged one level deep, so that a service
 * adds a signal or sets its own max; every other field, lists above all, is replaced as a whole. Signals of the defaults that a service does
 * not use are left out of it, since each is read at every tick and paid for.
 */
const MERGED = ['capacity', 'signals', 'pace', 'guard'] as const;

export function inherit(
  own: Written<ServiceDocument>,
  defaults: Written<DefaultsDocument> | undefined,
  problems: Problems,
): Inherited {
  const ownScope = scopeOf(own.source, problems, own.path);
  const ownSignals = new Set(Object.keys(own.document.signals ?? {}));
  if (defaults === undefined) return { document: own.document, ownSignals, scope: ownScope };
  const document: ServiceDocument = { ...defaults.document, ...own.document };
  for (const field of MERGED) {
    const both = { ...defaults.document[field], ...own.document[field] };
    if (Object.keys(both).length > 0) Object.assign(document, { [field]: both });
  }
  const inherited = scopeOf(defaults.source, problems, defaults.path);
  const scope: Scope = {
    say: (path, rest, from) =>
      (isInherited(path, own.document, defaults.document) ? inherited : ownScope).say(path, rest, from),
  };
  return { document, ownSignals, scope };
}

function isInherited(path: Path, own: object, defaults: object): boolean {
  const [field, key] = path;
  if (field === undefined || !Object.hasOwn(defaults, field)) return false;
  if (!Object.hasOwn(own, field)) return true;
  if (key === undefined || !(MERGED as readonly unknown[]).includes(field)) return false;
  const inOwn = (own as Record<string | number, unknown>)[field];
  const inDefaults = (defaults as Record<string | number, unknown>)[field];
  return has(inDefaults, key) && !has(inOwn, key);
}

const has = (value: unknown, key: string | number): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);

/** Says so and answers false where no signal has the name. */
export function knowsSignal(scope: Scope, path: Path, name: string, signals: readonly string[]): boolean {
  if (signals.includes(name)) return true;
  scope.say(path, `is ${valueText(name)}, and ${noSuch(name, signals, 'signal')}`);
  return false;
}

export function noSuch(name: string, known: readonly string[], what: string): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `no ${what} is called so; did you mean ${meant}?`;
  if (known.length === 0) return `there are no ${what}s; add it or take the name out`;
  return `no ${what} is called so; the ${what}s are ${[...known].sort().slice(0, 20).join(', ')}`;
}
