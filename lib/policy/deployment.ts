/**
 * Deployments: what may change while tasks of two revisions run. In never while they move, and the block ends at twice the time that
 * rollouts of this service take. Out up to a stated surplus, and not at all while the new tasks fail. CODE_DEPLOY freezes both ways,
 * since a count that changes under it may fail the deployment.
 */
import type { DeploymentHold } from './decision.ts';
import type { Deployment } from './observation.ts';
import type { ServiceState } from './state.ts';
import { hold, propose, type Turn } from './turn.ts';

/** Believed until a rollout of the service was seen from its beginning to its end. */
const ASSUMED_ROLLOUT_SECONDS = 900;
const KEEP = 5;

/** Out during a rollout is at most so much more than the count at its beginning. Blue/green and its kin run every task twice. */
const SURPLUS_PERCENT: Readonly<Record<Deployment['strategy'], number>> = {
  rolling: 100,
  blueGreen: 50,
  linear: 50,
  canary: 50,
};

const WORDS: Readonly<Record<Deployment['strategy'], string>> = {
  rolling: 'rolling',
  blueGreen: 'blue/green',
  linear: 'linear',
  canary: 'canary',
};

/** When the rollout was first seen and from which count; at its end how long it took. */
export function noticeDeployment(turn: Turn): Turn {
  const { state, now, desired } = turn;
  const { rollout } = state;
  if (turn.observation.service.deploying === true) {
    if (rollout !== undefined) return turn;
    const { lastChange } = state;
    const taken = lastChange?.by === 'foreign' && lastChange.at === now ? lastChange.from : 0;
    return { ...turn, state: { ...state, rollout: { since: now, base: Math.max(desired, taken) } } };
  }
  if (rollout === undefined) return turn;
  const { rollout: _, ...rest } = state;
  const took = Math.round((now - rollout.since) / 1000);
  return { ...turn, state: { ...rest, rolloutSeconds: [...(state.rolloutSeconds ?? []), took].slice(-KEEP) } };
}

/** The middle one of those that were seen. */
function rolloutSecondsOf({ rolloutSeconds = [] }: Pick<ServiceState, 'rolloutSeconds'>): number {
  const sorted = [...rolloutSeconds].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? ASSUMED_ROLLOUT_SECONDS;
}

/** Why a deployment forbids scaling in, as a clause; undefined where none does. */
export function deploymentForbidsIn({ observation, state, now }: Turn): string | undefined {
  const { deploying, deployment } = observation.service;
  if (deploying !== true) return undefined;
  if (deployment?.controller === 'CODE_DEPLOY') return 'a CODE_DEPLOY deployment is in progress';
  const sinceSeconds = (now - (state.rollout?.since ?? now)) / 1000;
  if (sinceSeconds >= 2 * rolloutSecondsOf(state)) return undefined;
  return deployment === undefined
    ? 'a deployment is in progress'
    : `a ${WORDS[deployment.strategy]} deployment is ${deployment.phase}${deployment.stage === undefined ? '' : ` (${deployment.stage})`}`;
}

/** The step: what a deployment leaves of the wish. */
export function heedDeployment(turn: Turn): Turn {
  const { direction, count } = turn.proposal;
  const { deploying, deployment } = turn.observation.service;
  if (direction === 'hold') return turn;
  const held = (why: DeploymentHold) => hold(turn, { kind: 'deployment', why, from: count, to: turn.desired });
  if (deployment?.controller === 'CODE_DEPLOY' && deploying === true) return held({ kind: 'codeDeploy' });
  if (deployment?.failing !== undefined) return held({ kind: 'failing', says: deployment.failing });
  if (direction === 'in' || deploying !== true || deployment?.phase === 'terminating') return turn;
  const percent = SURPLUS_PERCENT[deployment?.strategy ?? 'rolling'];
  const { base } = turn.state.rollout ?? { base: turn.desired };
  const most = Math.max(turn.desired, base + Math.max(1, Math.ceil((base * percent) / 100)));
  if (count <= most) return turn;
  const why = { kind: 'surplus', percent, base } as const;
  return most === turn.desired ? held(why) : propose(turn, most, { kind: 'deployment', why, from: count, to: most });
}
