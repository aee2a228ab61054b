/** Policies that were compiled when the function was built and lie beside it as `policies.json`. */
import * as z from 'zod/mini';
import type { Policies } from '../../lib/loop/ports.ts';
import { BadInput } from '../../lib/policy/bad-input.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';

/** Only what shows that the file is ours: the build has parsed and checked the rest. */
const envelope = z.looseObject({ version: z.string().check(z.minLength(1)), services: z.array(z.looseObject({})) });

/** Read once: a bundle does not change while it runs. */
export function bundledPolicies(file: URL): Policies {
  let loaded: Promise<PolicySet> | undefined;
  return {
    load() {
      loaded ??= read(file);
      return loaded;
    },
  };
}

async function read(file: URL): Promise<PolicySet> {
  const module: { default: unknown } = await import(file.href, { with: { type: 'json' } });
  const decoded = z.safeParse(envelope, module.default);
  if (!decoded.success) {
    const field = decoded.error.issues[0]?.path.join('.') || 'document';
    throw new BadInput(
      `${file.pathname}, field ${field}: not a compiled policy set; write it again with npm run build.`,
    );
  }
  return decoded.data as unknown as PolicySet;
}
