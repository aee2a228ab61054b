/** Documents in small: one service, written as far as a test does not care, and what is wrong with it. */
import { checkPolicies, parsePolicies } from '../../../lib/policy/document/parse.ts';
import type { PolicySet, ServicePolicy } from '../../../lib/policy/policy.ts';

const indented = (body: string): string => body.replace(/^/gm, '    ');

/** `body` begins in line 4. */
export function service(body: string, after = ''): string {
  return `version: 1\nservices:\n  - service: prod/web\n${indented(body)}\n${after}`;
}

/** With a capacity from 1 to 9; `body` begins in line 5. */
export function bounded(body: string, after = ''): string {
  return service(`capacity: { min: 1, max: 9 }\n${body}`, after);
}

/** With a capacity and the signals `cpu` and `jobs`; `body` begins in line 6. */
export function ruled(body: string, after = ''): string {
  return bounded(`signals: { cpu: { ecs: CPUUtilization }, jobs: { sqs: jobs } }\n${body}`, after);
}

/** The sentences an operator reads. */
export function sentencesOf(...texts: readonly string[]): readonly string[] {
  const names = texts.length === 1 ? ['p.yaml'] : texts.map((_, index) => `${'abc'[index]}.yaml`);
  const checked = checkPolicies(texts.map((text, index) => ({ name: names[index] ?? '', text })));
  return checked.kind === 'ok' ? [] : checked.problems.map(({ message }) => message);
}

export function setOf(...texts: readonly string[]): PolicySet {
  return parsePolicies(texts.map((text, index) => ({ name: `${index}.yaml`, text })));
}

export function policyOf(text: string): ServicePolicy {
  const [policy] = setOf(text).services;
  if (policy === undefined) throw new Error('the document names no service');
  return policy;
}
