/** The policy of a run: read, parsed, and the one service of it that is played. */
import { readFile } from 'node:fs/promises';
import { BadInput } from '../policy/bad-input.ts';
import { parsePolicies } from '../policy/document/parse.ts';
import { policiesOf } from '../policy/lint/warning.ts';
import type { PolicySet, ServicePolicy } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';

export interface PolicyPlayed {
  readonly file: string;
  readonly text: string;
  /** Holds the one service only, in mode `act`: a run where nothing acts shows nothing. */
  readonly set: PolicySet;
  readonly policy: ServicePolicy;
}

/** @param service `cluster/service`, its ARN, or `tagged KEY=VALUE`; needed where the policy names several. Throws `BadInput`. */
export async function readPolicy(file: string, service: string | undefined): Promise<PolicyPlayed> {
  const text = await readText(file);
  const set = parsePolicies([{ name: file, text }]);
  return playedOf(file, text, set, chosen(set, file, service));
}

/** All services that the policy names, each as a run of its own. Throws `BadInput` where it names none. */
export async function readPolicies(file: string): Promise<readonly PolicyPlayed[]> {
  const text = await readText(file);
  const set = parsePolicies([{ name: file, text }]);
  if (set.services.length > 0) return set.services.map((policy) => playedOf(file, text, set, policy));
  throw new BadInput(
    `${file}, field services: it names no service, and tags have no history; name one by cluster/service.`,
  );
}

function playedOf(file: string, text: string, set: PolicySet, chosen: ServicePolicy): PolicyPlayed {
  const policy: ServicePolicy = { ...chosen, mode: 'act' };
  return { file, text, set: { ...set, services: [policy], tagged: [], groups: [] }, policy };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const fault = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new BadInput(`--policy ${file}: ${fault}; name a policy file, for example examples/web.yaml.`, {
      cause: error,
    });
  }
}

function chosen(set: PolicySet, file: string, service: string | undefined): ServicePolicy {
  const policies = [...set.services.map((policy) => ({ name: nameText(policy), policy })), ...ofTags(set)];
  const listed = policies.map(({ name }) => name).join(', ') || 'none';
  if (service !== undefined) {
    // An ARN ends with the name.
    const found = policies.find(({ name }) => name === service || service.endsWith(`:service/${name}`));
    if (found !== undefined) return found.policy;
    throw new BadInput(`--service ${service}: ${file} does not name it; it names ${listed}.`);
  }
  const [only] = policies;
  if (only !== undefined && policies.length === 1) return only.policy;
  throw new BadInput(
    `${file}, field services: a run plays one service, and this names ${listed}; say which with --service NAME.`,
  );
}

/** Policies for services with tags, by the names that `validate` gives them. */
function ofTags(set: PolicySet): readonly { readonly name: string; readonly policy: ServicePolicy }[] {
  return policiesOf({ ...set, services: [] }).map(({ name, policy }) => ({
    name,
    policy: { ...policy, cluster: 'tagged', service: name.replace(/^tagged /, '') },
  }));
}
