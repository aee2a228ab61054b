/**
 * Policies as they are deployed: compiled, and with the names that nobody knows before the deployment, those of services, queues and
 * metrics that the same stack makes. Until then a stand-in holds each one's place, so that the policies can be checked and hashed.
 */
import { BadInput } from '../bad-input.ts';
import type { PolicySet } from '../policy.ts';
import { type CompiledPolicies, compiledPolicies, readCompiledPolicies } from './compiled.ts';

/** From a stand-in to what it stands for. */
export type Names = Readonly<Record<string, string>>;

export interface DeployedPolicies {
  readonly policies: CompiledPolicies;
  readonly names: Names;
}

export function deployedPolicies(set: PolicySet, names: Names = {}): DeployedPolicies {
  return { policies: compiledPolicies(set), names };
}

/** Also a compiled set alone. Throws `BadInput`; `name` is what its sentence calls the file. */
export function readDeployedPolicies(json: unknown, name = 'policies.json'): PolicySet {
  if (!isMap(json) || !('policies' in json)) return readCompiledPolicies(json, name);
  const set = readCompiledPolicies(json.policies, name);
  const { names } = json;
  if (!isMap(names) || !Object.values(names).every((text) => typeof text === 'string'))
    throw new BadInput(`${name}: names is no map of texts; compile the policies again.`);
  return Object.keys(names).length === 0 ? set : (named(set, names as Names) as PolicySet);
}

/** A text is named whole, or part by part as in `cluster/service`. Keys are the policy's own words and stay. */
function named(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return value.includes('/') ? value.split('/').map(nameOf).join('/') : nameOf(value);
  if (Array.isArray(value)) return value.map((one) => named(one, names));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, named(inner, names)]));

  function nameOf(text: string): string {
    return Object.hasOwn(names, text) ? (names[text] ?? text) : text;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
