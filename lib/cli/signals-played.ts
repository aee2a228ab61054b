/** A run can only be decided on signals that its plant has: a policy that needs another one is refused, not held for ever. */
import { BadInput } from '../policy/bad-input.ts';
import type { SignalSource } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { queueName } from '../sim/queue-reporter.ts';
import type { Plant } from '../sim/types.ts';
import type { PolicyPlayed } from './policy-file.ts';

/** Throws `BadInput`. A signal for which the policy says what its absence means may be absent. */
export function refuseUnplayedSignals({ file, policy }: PolicyPlayed, plant: Plant): void {
  const metrics = plant.metrics();
  const unplayed = Object.entries(policy.signals).find(
    ([, { source, whenMissing }]) => whenMissing.kind === 'unknown' && !isPlayed(source, plant),
  );
  if (unplayed === undefined) return;
  const queue = queueOf(plant);
  const named = metrics.map(({ namespace, name }) => `${namespace} ${name}`);
  const offered = [...new Set([...named, ...(queue === undefined ? [] : [`the queue ${queue}`])])].join(', ');
  throw new BadInput(
    `${file}, service ${nameText(policy)}, field signals.${unplayed[0]}: a run has no such signal; it has ${offered}; ` +
      'take it out of the policy, or say with whenMissing what its absence means.',
  );
}

function isPlayed(source: SignalSource, plant: Plant): boolean {
  const has = (wantedNamespace: string, wantedName: string) =>
    plant.metrics().some(({ namespace, name }) => namespace === wantedNamespace && name === wantedName);
  switch (source.kind) {
    case 'ecs':
      return has('AWS/ECS', source.metric);
    case 'alb':
      return has('AWS/ApplicationELB', source.metric);
    case 'cloudwatch':
      return has(source.namespace, source.metric);
    case 'sqs':
      return source.queue === queueOf(plant);
    case 'share':
      return isPlayed(source.part, plant);
    // Made of signals that are looked at by themselves.
    case 'math':
      return true;
    default:
      return false;
  }
}

function queueOf(plant: Plant): string | undefined {
  const view = plant.view();
  return view.queue === undefined ? undefined : queueName(view);
}
