/** Everything in shadow, whatever policies and overrides say: the stack's own word, which stands above both. */
import type { Ports } from '../../lib/loop/ports.ts';
import type { Mode, Override, PolicySet } from '../../lib/policy/policy.ts';

export function shadowed<P extends Pick<Ports, 'policies' | 'overrides'>>(ports: P): P {
  /** The same set answers with the same policies, since what is compiled of a policy is kept with it. */
  const known = new WeakMap<PolicySet, PolicySet>();
  return {
    ...ports,
    policies: {
      async load(abort) {
        const set = await ports.policies.load(abort);
        const capped = known.get(set) ?? inShadow(set);
        known.set(set, capped);
        return capped;
      },
    },
    overrides: {
      list: async (now, abort) => (await ports.overrides.list(now, abort)).map(notActing),
    },
  };
}

function inShadow(set: PolicySet): PolicySet {
  return {
    ...set,
    services: set.services.map((policy) => ({ ...policy, mode: below(policy.mode) })),
    tagged: set.tagged.map(({ tags, policy }) => ({ tags, policy: { ...policy, mode: below(policy.mode) } })),
  };
}

function notActing(override: Override): Override {
  const { set } = override;
  return set.kind === 'mode' ? { ...override, set: { kind: 'mode', mode: below(set.mode) } } : override;
}

function below(mode: Mode): Mode {
  return mode === 'act' ? 'shadow' : mode;
}
