/** Policy files to a typed, checked policy set. Several files form one set: services, groups, calendars and lists add up. */
import { BadInput } from '../bad-input.ts';
import type { EpochMs, PolicySet } from '../policy.ts';
import { type DocumentOfSet, policySetOf } from './policy-set.ts';
import { MOST_PROBLEMS, type PolicyFile, type Problem, Problems, problemIn, TooManyProblems } from './problem.ts';
import { readFile } from './read.ts';
import { shapeOf } from './shape.ts';
import { warningsOf } from './warnings.ts';

export type { PolicyFile, Problem } from './problem.ts';

export type CheckedPolicies =
  | { readonly kind: 'ok'; readonly set: PolicySet; readonly warnings: readonly Problem[] }
  /** In the order of files and lines, at most `MOST_PROBLEMS`. */
  | { readonly kind: 'bad'; readonly problems: readonly Problem[] };

/**
 * Everything that is wrong with the files, or the set. Three steps, each for all files and only if the one before found nothing: syntax,
 * shape, meaning. `now` (epoch ms) is needed only to warn of windows that are over.
 */
export function checkPolicies(files: readonly PolicyFile[], options: { readonly now?: EpochMs } = {}): CheckedPolicies {
  const { documents, problems } = documentsOf(files);
  if (problems.length > 0) return bad(problems, files);
  const meaning = new Problems();
  const set = settled(documents, meaning);
  if (set === undefined || meaning.found.length > 0) return bad(meaning.found, files);
  return { kind: 'ok', set, warnings: warningsOf(documents, set, options.now) };
}

function documentsOf(files: readonly PolicyFile[]): {
  documents: readonly DocumentOfSet[];
  problems: readonly Problem[];
} {
  if (files.length === 0)
    return { documents: [], problems: [problemIn('policy', TOP, '', 'no file was given; name one')] };
  const problems: Problem[] = [];
  const documents: DocumentOfSet[] = [];
  for (const file of files) {
    const read = readFile(file);
    if (read.kind === 'bad') {
      problems.push(read.problem);
      continue;
    }
    const shape = shapeOf(read.source);
    if (shape.kind === 'bad') problems.push(...shape.problems);
    else documents.push({ document: shape.document, source: read.source });
  }
  return { documents, problems };
}

function settled(documents: readonly DocumentOfSet[], problems: Problems): PolicySet | undefined {
  try {
    const set = policySetOf(documents, problems);
    if (documents.some(({ document }) => (document.services ?? []).length > 0)) return set;
    const file = documents[0]?.source.file ?? 'policy';
    problems.add(
      problemIn(file, TOP, 'services', 'services is missing; list at least one, as in - service: prod/checkout'),
    );
    return undefined;
  } catch (fault) {
    if (fault instanceof TooManyProblems) return undefined;
    throw fault;
  }
}

const TOP = { line: 1, column: 1 };

/** Throws `BadInput` with the first problem's sentence. */
export function parsePolicies(files: readonly PolicyFile[]): PolicySet {
  const checked = checkPolicies(files);
  if (checked.kind === 'ok') return checked.set;
  const [first, ...others] = checked.problems;
  throw new BadInput(others.length === 0 ? `${first?.message}` : `${first?.message} And ${others.length} more.`);
}

function bad(problems: readonly Problem[], files: readonly PolicyFile[]): CheckedPolicies {
  const order = new Map(files.map(({ name }, index) => [name, index]));
  const sorted = problems.toSorted(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
  return { kind: 'bad', problems: sorted.slice(0, MOST_PROBLEMS) };
}
