/** What `validate` found in policies without errors: warnings in the order of the files, and what each service's numbers mean. */
import type { CheckedPolicies } from '../../policy/document/parse.ts';
import { type PolicyFile, type Problem, pathText } from '../../policy/document/problem.ts';
import { durationWords } from '../../policy/duration.ts';
import { lint } from '../../policy/lint/lint.ts';
import { type PlacedWarning, placed } from '../../policy/lint/placed.ts';
import { type Facts, policiesOf, type ServiceFacts } from '../../policy/lint/warning.ts';
import { type Meaning, meaning, meaningSentence } from '../../policy/meaning/meaning.ts';
import type { Mode, ServicePolicy } from '../../policy/policy.ts';

export interface ReportedWarning {
  /** Of the linter; `no-effect` for what a document says in vain. */
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly service?: string;
  /** Within the service, or within the document where no service is named. */
  readonly path: string;
  /** `file:line: warning: …`, the whole sentence. */
  readonly message: string;
}

export interface ReportedService {
  readonly service: string;
  readonly mode: Mode;
  readonly capacity: { readonly min: number; readonly max: number };
  readonly means: string;
  readonly meaning: Omit<Meaning, 'firstOutBy'> & { readonly firstOutBy: readonly FirstOut[] };
}

interface FirstOut {
  readonly name: string;
  readonly seconds: number | null;
  readonly words: string;
}

export interface Report {
  readonly files: number;
  readonly warnings: readonly ReportedWarning[];
  readonly services: readonly ReportedService[];
}

export function reportOf(
  files: readonly PolicyFile[],
  { set, warnings }: Extract<CheckedPolicies, { kind: 'ok' }>,
  facts: Facts,
): Report {
  const order = new Map(files.map(({ name }, index) => [name, index]));
  const all = [...warnings.map(ofDocument), ...placed(lint(set, facts), files, set).map(ofLinter)];
  const means = meanings();
  return {
    files: files.length,
    warnings: all.toSorted((a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line),
    services: policiesOf(set).map(({ name, policy }) => serviceOf(name, policy, means(policy, facts.services?.[name]))),
  };
}

function ofDocument({ file, line, path, message }: Problem): ReportedWarning {
  const place = `${file}:${line}: `;
  return {
    rule: 'no-effect',
    file,
    line,
    path,
    message: `${place}warning: ${message.slice(place.length)} (no-effect)`,
  };
}

function ofLinter({ rule, service, file, line, path, sentence }: PlacedWarning): ReportedWarning {
  const field = pathText(path);
  const at = `${file}:${line}: warning: ${service}${field === '' ? '' : ` ${field}`}`;
  return { rule, file, line, service, path: field, message: `${at}: ${sentence}. (${rule})` };
}

function serviceOf(service: string, { mode, capacity }: ServicePolicy, found: Meaning): ReportedService {
  const firstOutBy = found.firstOutBy.map(({ name, seconds }) => ({
    name,
    seconds,
    words: `${name} ${seconds === null ? 'never' : durationWords(seconds)}`,
  }));
  return { service, mode, capacity, means: meaningSentence(found), meaning: { ...found, firstOutBy } };
}

/** A fleet often shares one policy: the same numbers are played once. */
function meanings(): (policy: ServicePolicy, facts?: ServiceFacts) => Meaning {
  const known = new Map<string, Meaning>();
  return (policy, facts) => {
    const { capacity, cadenceSeconds, signals, scaleOut, scaleIn, targets, pace, guard } = policy;
    const numbers = { capacity, cadenceSeconds, signals, scaleOut, scaleIn, targets, pace, guard };
    const key = JSON.stringify([numbers, facts?.startSeconds]);
    const found = known.get(key) ?? meaning(policy, facts);
    known.set(key, found);
    return found;
  };
}
