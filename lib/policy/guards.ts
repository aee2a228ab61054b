/** What forbids scaling in, always: an outage that fails fast looks calm, and a service that is not steady has nothing to spare. */
import { type Condition, type Frame, frameOf } from './condition.ts';
import type { Damping, GuardKind } from './decision.ts';
import { deploymentForbidsIn } from './deployment.ts';
import { gridOf } from './grid.ts';
import { implausibleZeros } from './implausible.ts';
import { isThin } from './rule-votes.ts';
import { FALSE, TRUE } from './ternary.ts';
import type { Turn } from './turn.ts';

export function guardsOnIn(turn: Turn, wish: number): readonly Damping[] {
  const found: Damping[] = [];
  const add = (guard: GuardKind, detail: string) =>
    found.push({ kind: 'guard', guard, detail, from: wish, to: turn.desired });
  const { service } = turn.observation;
  const deployment = deploymentForbidsIn(turn);
  if (deployment !== undefined) add('deployment', deployment);
  if ((service.unhealthy ?? 0) > 0) add('unhealthy', `${service.unhealthy} unhealthy`);
  if (service.healthUnknown !== undefined)
    add('unhealthy', `the health of its targets is unknown: ${service.healthUnknown}`);
  const missing = turn.desired - Math.min(turn.inService, service.running);
  if (missing > 0) add('unsteady', `${missing} of ${turn.desired} not in service`);
  else if (service.pending > 0) add('unsteady', `${service.pending} pending`);
  for (const clause of implausibleZeros(turn.window)) add('implausible', clause);
  for (const condition of turn.conditions.holdInWhile) {
    const frame = newestFrame(turn, condition);
    const truth = condition.evaluate(frame);
    if (truth === TRUE) add('condition', condition.source);
    // A percentile of too few samples says nothing, here as in a rule: a quiet night must end.
    else if (truth !== FALSE && !isThin(frame, condition)) add('condition', `${condition.source} is unknown`);
  }
  if (turn.state.blindSince !== undefined) add('unknown', 'no signal is known');
  else for (const name of unknownVoters(turn)) add('unknown', `${name} is unknown`);
  return found;
}

/** Rules and targets that hold because they do not know. */
function unknownVoters({ reasons }: Turn): readonly string[] {
  return reasons.flatMap((one) =>
    one.kind === 'vote' && one.vote === 'hold' && one.why === 'unknown' ? [one.name] : [],
  );
}

function newestFrame(turn: Turn, condition: Condition): Frame {
  const { newestCell, cellMs } = gridOf(turn.window, condition.signals);
  return frameOf(turn.window, condition.signals, newestCell, cellMs);
}
