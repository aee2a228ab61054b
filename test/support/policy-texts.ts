/** Policies as an operator writes them: a document of one service, of which a story writes the fields that it is about. */
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';

/** Where a story says nothing else. */
const USUAL = ['mode: act', 'capacity: { min: 2, max: 20 }', 'signals: { cpu: { ecs: CPUUtilization } }'];

/** @param fields of prod/checkout in YAML, one or several at a time, each at the start of its line */
export function checkoutText(...fields: readonly string[]): string {
  const lines = fields.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  const usual = USUAL.filter((field) => !lines.some((line) => keyOf(line) === keyOf(field)));
  const service = [...usual, ...lines].map((line) => `    ${line}\n`);
  return `version: 1\nservices:\n  - service: prod/checkout\n${service.join('')}`;
}

const keyOf = (line: string) => line.split(':', 1)[0];

export function checkoutPolicies(...fields: readonly string[]): PolicySet {
  return parsePolicies([{ name: 'checkout.yaml', text: checkoutText(...fields) }]);
}
