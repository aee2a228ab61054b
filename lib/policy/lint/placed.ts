/** Where in the files a warning points: the service it names, or the defaults where the value comes from there. */
import type { PolicyFile, Source } from '../document/problem.ts';
import { readFile } from '../document/read.ts';
import type { PolicySet } from '../policy.ts';
import { type PathInService, policiesOf, type Warning } from './warning.ts';

export interface PlacedWarning extends Warning {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** @param files that were parsed, in the same order and without a problem, into the set that was linted */
export function placed(
  warnings: readonly Warning[],
  files: readonly PolicyFile[],
  set: PolicySet,
): readonly PlacedWarning[] {
  const sources = files.flatMap((file) => {
    const read = readFile(file);
    return read.kind === 'ok' ? [read.source] : [];
  });
  const names = policiesOf(set).map(({ name }) => name);
  const written = writtenServices(sources);
  const defaults = sources.find(({ value }) => has(value, 'defaults'));
  return warnings.map((warning) => {
    const own = written[names.indexOf(warning.service)];
    return { ...warning, ...placeOf(warning.path, own, defaults) };
  });
}

interface WrittenService {
  readonly source: Source;
  readonly index: number;
  readonly value: unknown;
}

/** In the order of `policiesOf`. */
function writtenServices(sources: readonly Source[]): readonly WrittenService[] {
  const all = sources.flatMap((source) =>
    listAt(source.value, 'services').map((value, index) => ({ source, index, value })),
  );
  const named = all.filter(({ value }) => has(value, 'service'));
  return [...named, ...all.filter((one) => !named.includes(one))];
}

function placeOf(path: PathInService, own: WrittenService | undefined, defaults: Source | undefined) {
  if (own === undefined) return { file: 'policy', line: 1 };
  const inDefaults = defaults !== undefined && isInherited(path, own.value, valueAt(defaults.value, 'defaults'));
  if (inDefaults) return { file: defaults.file, line: defaults.place(['defaults', ...path]).line };
  return { file: own.source.file, line: own.source.place(['services', own.index, ...path]).line };
}

/** A service takes from the defaults what it does not say itself: whole fields, and single keys of those that are merged. */
function isInherited([field, key]: PathInService, own: unknown, defaults: unknown): boolean {
  if (field === undefined || !has(defaults, field)) return false;
  if (!has(own, field)) return true;
  const inOwn = valueAt(own, field);
  return typeof key === 'string' && !has(inOwn, key) && has(valueAt(defaults, field), key);
}

function has(value: unknown, key: string | number): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function valueAt(value: unknown, key: string | number): unknown {
  return has(value, key) ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, key);
  return Array.isArray(list) ? list : [];
}
