/** Does a document have the shape of the schema? Each fault of the library becomes one sentence with a place and a mend. */
import * as z from 'zod/mini';
import { childOf, knownAt, requiredByMember } from './known.ts';
import { nearest } from './nearest.ts';
import { MOST_PROBLEMS, oneOf, type Path, type Problem, problem, type Source, valueText } from './problem.ts';
import { type PolicyDocument, policyDocument } from './schema.ts';

export type Shape =
  | { readonly kind: 'ok'; readonly document: PolicyDocument }
  | { readonly kind: 'bad'; readonly problems: readonly Problem[] };

export function shapeOf(source: Source): Shape {
  const parsed = z.safeParse(policyDocument, source.value);
  if (parsed.success) return { kind: 'ok', document: parsed.data };
  const problems: Problem[] = [];
  for (const issue of parsed.error.issues) {
    for (const [path, rest] of sentencesOf(issue, [], source.value)) {
      if (problems.length === MOST_PROBLEMS) return { kind: 'bad', problems };
      problems.push(problem(source, path, rest));
    }
  }
  return { kind: 'bad', problems };
}

type Issue = z.core.$ZodIssue;
type Sentence = readonly [path: Path, rest: string];

/** The library's own text, where the schema gave no mend. */
const NO_MEND = 'Invalid input';

/** One at a time, because a hostile document has more faults than are shown. */
function* sentencesOf(issue: Issue, above: Path, root: unknown): Generator<Sentence> {
  const path = [...above, ...(issue.path as Path)];
  const value = at(root, path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) yield [[...path, key], unknownKey(path, key, root)];
  } else if (issue.code === 'invalid_union') {
    yield* unionSentences(issue, path, value, root);
  } else if (issue.code === 'invalid_key') {
    yield [path, `is not possible here; ${issue.issues[0]?.message}`];
  } else {
    yield [path, restOf(issue, path, value)];
  }
}

function restOf(issue: Issue, path: Path, value: unknown): string {
  if (value === undefined) return `is missing; ${ADDITIONS[String(path[path.length - 1])] ?? 'add it'}`;
  if (value === null) return 'is empty; give it a value or leave the key away';
  const is = `is ${valueText(value)}`;
  if (issue.message !== NO_MEND) return `${is}; ${issue.message}`;
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, path, value);
    case 'invalid_value':
      return `${is}; ${chooseFrom(issue.values.map(String), path, value)}`;
    case 'too_small':
    case 'too_big':
      return `${is}; ${boundMend(issue, value)}`;
    default:
      return `${is}, which is not possible here; correct it`;
  }
}

function boundMend(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, value: unknown): string {
  if (Array.isArray(value))
    return issue.code === 'too_small'
      ? `write at least ${issue.minimum} entry`
      : `it has ${value.length} entries, above the limit of ${issue.maximum}, so take some out`;
  if (issue.code === 'too_big') return `write a number of ${issue.maximum} or less`;
  return issue.inclusive === true
    ? `write a number of ${issue.minimum} or more`
    : `write a number above ${issue.minimum}`;
}

function wrongType(expected: string, path: Path, value: unknown): string {
  const is = `is ${valueText(value)}`;
  switch (expected) {
    case 'number':
    case 'int':
      return `${is}${numberMend(value)}`;
    case 'string':
      return typeof value === 'object' ? `${is}; write a text` : `${is}, not a text; put it in quotes`;
    case 'boolean':
      return `${is}; write true or false`;
    case 'array':
      return `${is}; write a list, each entry after a dash or all in brackets`;
    default:
      return path.length === 0
        ? `${is}; write version: 1 and services`
        : `${is}; write a map, as in ${MAPS[String(path[path.length - 1])] ?? '{ key: value }'}`;
  }
}

function numberMend(value: unknown): string {
  if (typeof value === 'number') return '; write a whole number';
  if (typeof value !== 'string') return '; write a number';
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1];
  if (percent !== undefined) return `; write ${percent}, without the sign`;
  return value.trim() !== '' && Number.isFinite(Number(value)) ? ', a text; take the quotes away' : '; write a number';
}

function chooseFrom(values: readonly string[], path: Path, value: unknown): string {
  const meant = typeof value === 'string' ? nearest(value, values) : undefined;
  const other = OTHERS[String(path[path.length - 1])];
  if (meant === undefined) return `write ${oneOf(values)}${other === undefined ? '' : `; ${other}`}`;
  return `did you mean ${meant}? ${other === undefined ? `Possible are ${oneOf(values)}` : `Otherwise ${other}`}`;
}

function unknownKey(path: Path, key: string, root: unknown): string {
  const rivals = requiredByMember(path, root).map(([first]) => first);
  const present = Object.keys(at(root, path) ?? {});
  const rival = rivals.includes(key) ? present.find((other) => other !== key && rivals.includes(other)) : undefined;
  if (rival !== undefined) return `stands beside ${rival}, and only one of them can; keep one`;
  const known = knownAt(path, root);
  const meant = nearest(key, known);
  return `is not known here; ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${meant}?`}`;
}

/** Speaks of the member of the union that the value comes closest to. */
function* unionSentences(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  value: unknown,
  root: unknown,
): Generator<Sentence> {
  if (value === undefined || value === null) return yield [path, restOf(issue, path, value)];
  const ranked = issue.errors.map((issues, index) => ({ issues, index, rank: distance(issues, value) }));
  const best = ranked.reduce((a, b) => (b.rank < a.rank ? b : a));
  const itself = best.issues.some(({ path: inner, code }) => inner.length === 0 && code !== 'unrecognized_keys');
  if (itself && issue.message !== NO_MEND) return yield [path, `is ${valueText(value)}; ${issue.message}`];
  const required = requiredByMember(path, root);
  const keys = Object.keys(value);
  if (required.length > 2 && !required[best.index]?.some((key) => keys.includes(key)))
    return yield [path, noMember(required, keys)];
  for (const inner of best.issues) yield* sentencesOf(inner, path, root);
}

function noMember(required: readonly (readonly string[])[], keys: readonly string[]): string {
  const names = required.flatMap(([first]) => (first === undefined ? [] : [first]));
  for (const key of keys) {
    const meant = nearest(key, names);
    if (meant !== undefined) return `has the unknown key ${valueText(key)}; did you mean ${meant}?`;
  }
  return `says no source; add one of ${names.join(', ')}`;
}

const OTHER_TYPE = 1000;

function distance(issues: readonly Issue[], value: unknown): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length;
    if (issue.path.length === 0) return sum + (issue.code === 'invalid_type' ? OTHER_TYPE : 1);
    return sum + (issue.path.length === 1 && at(value, issue.path as Path) === undefined ? 10 : 0);
  }, 0);
}

const at = (root: unknown, path: Path): unknown => path.reduce<unknown>(childOf, root);

/** What to write where a key is missing. */
const ADDITIONS: Readonly<Record<string, string>> = {
  version: 'write version: 1 at the top',
  name: 'name it, so that decisions can say what acted',
  services: 'list at least one cluster/service',
  maxTasks: 'say how many tasks the group may have together',
  from: 'name the Prometheus that answers, as in from: amp',
  perTask: 'say how much of the signal one task bears',
  signal: 'name a signal',
  finishWithin: 'say how old a message may become, as in finishWithin: 30s',
  secondsPerMessage: 'say how long one message takes',
  steps: 'list the bands, as in steps: [{ from: 60, to: 80, add: 1 }, { from: 80, add: 3 }]',
  atLeast: 'say the number of tasks, as in { atLeast: 6 }',
  use: 'name the signal that stands in',
};

/** What to write where a map must stand. */
const MAPS: Readonly<Record<string, string>> = {
  capacity: '{ min: 2, max: 10 }',
  signals: '{ cpu: { ecs: CPUUtilization } }',
  pace: '{ out: fast, in: normal }',
  guard: "{ holdInWhile: ['errors > 1'] }",
  bands: '{ signal: cpu, steps: [{ from: 80, add: 2 }] }',
  defaults: '{ capacity: { min: 2, max: 10 } }',
  tagged: '{ schmitt: web }',
  calendars: '{ holidays: [2026-12-25] }',
};

/** Where a list of possible values is not all there is. */
const OTHERS: Readonly<Record<string, string>> = {
  alb: 'read another metric with cloudwatch',
};
