/** Policies that were compiled when the function was built and lie beside it as `policies.json`. */
import type { Policies } from '../../lib/loop/ports.ts';
import { readCompiledPolicies } from '../../lib/policy/document/compiled.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';

/** Read once: a bundle does not change while it runs. */
export function bundledPolicies(file: URL): Policies {
  let loaded: Promise<PolicySet> | undefined;
  return {
    load(abort) {
      if (abort.aborted) return Promise.reject(abort.reason);
      loaded ??= read(file);
      return loaded;
    },
  };
}

async function read(file: URL): Promise<PolicySet> {
  const module: { default: unknown } = await import(file.href, { with: { type: 'json' } });
  return readCompiledPolicies(module.default, file.pathname);
}
