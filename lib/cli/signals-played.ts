/** A run can only be decided on signals that its plant has: a policy that needs another one is refused, not held for ever. */
import { BadInput } from '../policy/bad-input.ts';
import type { SignalSource } from '../policy/policy.ts';
import type { Plant, PlantMetric } from '../sim/types.ts';
import { nameOf, type PolicyPlayed } from './policy-file.ts';

/** Throws `BadInput`. A signal for which the policy says what its absence means may be absent. */
export function refuseUnplayedSignals({ file, policy }: PolicyPlayed, plant: Plant): void {
  const metrics = plant.metrics();
  const unplayed = Object.entries(policy.signals).find(
    ([, { source, whenMissing }]) => whenMissing.kind === 'unknown' && !isPlayed(source, metrics),
  );
  if (unplayed === undefined) return;
  const offered = [...new Set(metrics.map(({ namespace, name }) => `${namespace} ${name}`))].join(', ');
  throw new BadInput(
    `${file}, service ${nameOf(policy)}, field signals.${unplayed[0]}: a run has no such signal; it has ${offered}; ` +
      'take it out of the policy, or say with whenMissing what its absence means.',
  );
}

function isPlayed(source: SignalSource, metrics: readonly PlantMetric[]): boolean {
  if (source.kind === 'ecs')
    return metrics.some(({ namespace, name }) => isNamed(namespace, name, 'AWS/ECS', source.metric));
  if (source.kind !== 'cloudwatch') return false;
  return metrics.some(({ namespace, name }) => isNamed(namespace, name, source.namespace, source.metric));
}

function isNamed(namespace: string, name: string, wantedNamespace: string, wantedName: string): boolean {
  return namespace === wantedNamespace && name === wantedName;
}
