/**
 * A policy set as JSON, for the functions: parsed and checked when it is built, so that reading it needs neither YAML nor the schema. The
 * version is a hash of the content, so a file that was cut short or changed by hand is found out.
 */
import { BadInput } from '../bad-input.ts';
import type { PolicySet } from '../policy.ts';
import { versionOf } from './version.ts';

const COMPILED_FORMAT = 1;

export type CompiledPolicies = PolicySet & { readonly v: typeof COMPILED_FORMAT };

export function compiledPolicies(set: PolicySet): CompiledPolicies {
  return { v: COMPILED_FORMAT, ...set };
}

/** Throws `BadInput`; `name` is what its sentence calls the file. */
export function readCompiledPolicies(json: unknown, name = 'policies.json'): PolicySet {
  const fault = envelopeFault(json) ?? contentFault(json as CompiledPolicies);
  if (fault !== undefined) throw new BadInput(`${name}: ${fault}; compile the policies again.`);
  const { v: _, ...set } = json as CompiledPolicies;
  return set;
}

const LISTS = ['services', 'tagged', 'groups', 'allow', 'deny'] as const;

function envelopeFault(json: unknown): string | undefined {
  if (!isMap(json)) return 'it is no compiled policy set';
  if (json.v !== COMPILED_FORMAT)
    return `its format v is ${JSON.stringify(json.v)}, and this Schmitt reads ${COMPILED_FORMAT}`;
  if (typeof json.version !== 'string') return 'version is missing';
  const missing = LISTS.find((list) => !Array.isArray(json[list]));
  return missing === undefined ? undefined : `${missing} is no list`;
}

function contentFault(set: CompiledPolicies): string | undefined {
  const version = versionOf(set);
  if (version !== set.version) return `version is ${set.version}, and its content hashes to ${version}`;
  for (const [index, service] of set.services.entries()) {
    const fault =
      isMap(service) && isText(service.cluster) && isText(service.service) ? policyFault(service) : 'has no name';
    if (fault !== undefined) return `services[${index}] ${fault}`;
  }
  for (const [index, one] of set.tagged.entries()) {
    const fault =
      isMap(one) && isMap(one.tags) && isMap(one.policy) ? policyFault(one.policy) : 'has no tags or no policy';
    if (fault !== undefined) return `tagged[${index}] ${fault}`;
  }
  return undefined;
}

/** Of each field the type, so that a tick can rely on what it reads first. */
const FIELDS = {
  mode: isText,
  cadenceSeconds: isNumber,
  capacity: (value: unknown) => isMap(value) && isNumber(value.min) && isNumber(value.max),
  signals: isMap,
  scaleOut: Array.isArray,
  scaleIn: Array.isArray,
  targets: Array.isArray,
  pace: (value: unknown) => isMap(value) && isMap(value.out) && isMap(value.in),
  schedule: Array.isArray,
  freeze: Array.isArray,
  guard: (value: unknown) => isMap(value) && Array.isArray(value.holdInWhile) && Array.isArray(value.whenBlindFor),
} as const satisfies Partial<Record<keyof PolicySet['services'][number], (value: unknown) => boolean>>;

function policyFault(policy: object): string | undefined {
  const fields = policy as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(FIELDS).find(([field, holds]) => !holds(fields[field]));
  return wrong === undefined ? undefined : `has no proper ${wrong[0]}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
