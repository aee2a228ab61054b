/** A service's signals as a tick would read them now: what is asked for them, what came, and how old it is. */
import type { SignalPlan } from '../../aws/signals/plan.ts';
import type { SignalQuery } from '../../loop/ports.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { Reading } from '../../policy/observation.ts';
import type { EpochMs, ServicePolicy, SignalSpec } from '../../policy/policy.ts';
import { periodsNeeded } from '../../policy/requirements.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Inspector } from './inspector.ts';
import { listed } from './listed.ts';

export interface Inspected {
  readonly now: EpochMs;
  readonly plan: SignalPlan;
  readonly signals: readonly InspectedSignal[];
}

export interface InspectedSignal {
  readonly name: string;
  readonly spec: SignalSpec;
  /** Absent: it is pushed, and nobody is asked. */
  readonly reading?: Reading;
}

/** Throws `BadInput` for a service that ECS does not have. */
export async function inspect(inspector: Inspector, policy: ServicePolicy): Promise<Inspected> {
  const now = inspector.clock.now();
  const queries = await queriesOf(inspector, policy, periodsNeeded(policy));
  const { plan, readings } = await inspector.signals.read(queries, now, inspector.abort);
  const byName = new Map(queries.map(({ name }, index) => [name, readings[index]]));
  const signals = Object.entries(policy.signals).map(([name, spec]): InspectedSignal => {
    const reading = byName.get(name);
    return { name, spec, ...(reading === undefined ? {} : { reading }) };
  });
  return { now, plan, signals };
}

/** The signals that are asked for, over so many periods each, with the target groups that the service has now. */
export async function queriesOf(
  { services, abort }: Inspector,
  policy: ServicePolicy,
  periods: Readonly<Record<string, number>>,
): Promise<readonly SignalQuery[]> {
  const { cluster, service } = policy;
  const [facts] = await services.describe([policy], abort);
  if (facts?.kind !== 'found') {
    throw new BadInput(
      `SERVICE ${cluster}/${service}: ${facts?.cause ?? 'nobody knows it'}; check the name, the Region and the account.`,
    );
  }
  const { targetGroups = [] } = facts;
  return Object.entries(policy.signals)
    .filter(([, { source }]) => source.kind !== 'pushed')
    .map(([name, spec]) => ({ cluster, service, name, spec, periods: periods[name] ?? 1, targetGroups }));
}

/** Throws `BadInput` where the policies do not name the service. */
export function policyNamed(name: string, policies: readonly ServicePolicy[]): ServicePolicy {
  const found = policies.find((policy) => nameText(policy) === name);
  if (found !== undefined) return found;
  const names = policies.map(nameText);
  throw new BadInput(`SERVICE ${name}: the policies do not name it; they name ${listed(names)}.`);
}
