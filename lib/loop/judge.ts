/** From what was read of a service to its decision, or to why it could not be decided. */
import type { Tally } from '../counterfactual/tally.ts';
import { decide } from '../policy/decide.ts';
import type { Decided } from '../policy/decision.ts';
import { type Member, shareOut } from '../policy/groups.ts';
import type { EpochMs, Group, Override, ServicePolicy } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { recollect } from '../policy/signal-rings.ts';
import type { Rings } from '../policy/state.ts';
import { type Account, arnOf } from './account.ts';
import type { Deciding } from './act.ts';
import { recall } from './memory.ts';
import type { Observed } from './observe.ts';
import { modeOf, overridesOf } from './override-scope.ts';
import type { LoadedService, Outcome } from './ports.ts';
import { worldOf } from './shadow-world.ts';
import type { TickRequest } from './tick-request.ts';

export interface Served {
  readonly policy: ServicePolicy;
  readonly arn: string;
  readonly overrides: readonly Override[];
}

export function servedOf(policy: ServicePolicy, all: readonly Override[], request: TickRequest): Served {
  const overrides = overridesOf(all, policy);
  const mode = modeOf(policy, overrides);
  return {
    policy: mode === policy.mode ? policy : { ...policy, mode },
    arn: arnFor(policy, request.account),
    overrides,
  };
}

/** The same text object at every tick: it is looked up again and again. */
const ARNS = new WeakMap<ServicePolicy, { readonly account: Account; readonly arn: string }>();

function arnFor(policy: ServicePolicy, account: Account): string {
  const known = ARNS.get(policy);
  if (known?.account === account) return known.arn;
  const arn = arnOf(account, policy);
  ARNS.set(policy, { account, arn });
  return arn;
}

export type Decidable = Deciding & { readonly kind: 'deciding' };
export type Judged = Decidable | Unserved;

/** A service that could not be decided: why, in one clause, and the rings it keeps. */
export interface Unserved extends Served {
  readonly kind: 'unserved';
  readonly outcome: Outcome;
  readonly cause: string;
  readonly rings: Rings | undefined;
  readonly tally: Tally | undefined;
}

/** Its decision changes the count, and ECS is to be told. */
export function isToBeSent(one: Judged): boolean {
  return one.kind === 'deciding' && one.world.unsent === undefined && one.decided.decision.action !== 'hold';
}

/** The desired count that a service was last seen to have. */
export function lastCountOf(rings: Rings | undefined): number {
  return rings?.counts.at(-1)?.[1] ?? 0;
}

/** The same services with these decisions, in the same order; undefined: its own stands. What follows the last service is not looked at. */
export function redecided(judged: readonly Judged[], decisions: readonly (Decided | undefined)[]): readonly Judged[] {
  return judged.map((one, index) => {
    const decided = decisions[index];
    return one.kind === 'deciding' && decided !== undefined ? { ...one, decided } : one;
  });
}

export function judge(
  served: Served,
  stored: LoadedService,
  rings: Rings | undefined,
  tally: Tally | undefined,
  observed: Observed,
  now: EpochMs,
): Judged {
  const unserved = (outcome: Outcome, cause: string): Unserved => ({
    kind: 'unserved',
    ...served,
    outcome,
    cause,
    rings,
    tally,
  });
  if (observed.kind === 'unseen') return unserved(observed.outcome, observed.cause);
  const recalled = recall(stored, rings, observed.observation.service.desired, now);
  if (recalled.kind === 'corrupt') return unserved('corrupt', `the stored state cannot be read: ${recalled.cause}`);
  if (recalled.kind === 'settling') {
    const { from, to } = recalled.intent;
    return unserved(
      'settling',
      `whether ${from} → ${to} was taken is settled at ${new Date(recalled.until).toISOString()}`,
    );
  }
  const world = worldOf({ policy: served.policy, memory: recalled, observation: observed.observation, tally, now });
  const { state } = world.memory;
  const { observation, rings: remembered } = recollect(served.policy, world.observation, state.rings, now);
  const memory =
    remembered === state.rings ? world.memory : { ...world.memory, state: { ...state, rings: remembered } };
  const decided = decide(served.policy, memory.state, observation, now, served.overrides);
  return {
    kind: 'deciding',
    policy: served.policy,
    arn: served.arn,
    world,
    memory,
    decided,
    observed: observed.observation.service.desired,
  };
}

/**
 * What the groups have room for; a member that could not be decided keeps what it was last seen to have. What shadows would do takes no
 * room from anybody: they share what is left beside them. `others` are members that this turn is not about.
 */
export function shareAmong(
  judged: readonly Judged[],
  groups: readonly Group[],
  others: readonly Member[] = [],
): readonly Judged[] {
  if (groups.length === 0) return judged;
  const real = sharedBy(judged, groups, others, (one) => one.world.unsent === undefined);
  return sharedBy(real, groups, others, (one) => one.world.unsent !== undefined);
}

function sharedBy(
  judged: readonly Judged[],
  groups: readonly Group[],
  others: readonly Member[],
  asks: (one: Decidable) => boolean,
): readonly Judged[] {
  if (!judged.some((one) => one.kind === 'deciding' && asks(one))) return judged;
  const members = judged.map((one): Member => {
    const name = nameText(one.policy);
    if (one.kind !== 'deciding') return { name, standsAt: lastCountOf(one.rings) };
    const { from, to } = one.decided.decision;
    if (asks(one)) return { name, decided: one.decided, standsAt: from };
    return { name, standsAt: one.world.unsent === undefined ? Math.max(from, to) : one.observed };
  });
  return redecided(judged, shareOut([...members, ...others], groups));
}
