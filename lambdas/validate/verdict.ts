/** The same reading as the tick's, the same checks and the same linter as an operator's `schmitt validate`. */
import * as z from 'zod/mini';
import { BadInput } from '../../lib/policy/bad-input.ts';
import { readDeployedPolicies } from '../../lib/policy/document/deployed.ts';
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import { printPolicies } from '../../lib/policy/document/print.ts';
import { lint } from '../../lib/policy/lint/lint.ts';
import type { Warning } from '../../lib/policy/lint/warning.ts';

/** What AppConfig sends: the configuration in Base64. */
const asked = z.object({ content: z.string().check(z.minLength(1)) });

export interface Verdict {
  readonly version: string;
  /** Those that are named; services found by tags are not counted. */
  readonly services: number;
  readonly warnings: readonly Warning[];
}

/** Throws `BadInput` where the configuration may not be deployed. */
export function verdictOn(event: unknown): Verdict {
  const decoded = z.safeParse(asked, event);
  if (!decoded.success) throw new BadInput('Event, field content: AppConfig sends the configuration in Base64.');
  const set = readDeployedPolicies(jsonOf(Buffer.from(decoded.data.content, 'base64').toString()), 'The configuration');
  // Written out and read again, the set meets every check that a policy file does.
  parsePolicies([{ name: 'the configuration, written out', text: printPolicies(set) }]);
  return { version: set.version, services: set.services.length, warnings: lint(set) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadInput(
      'The configuration is no JSON: deploy compiled policies, as npm run build writes them to policies.json.',
      { cause },
    );
  }
}
