/** Every count that is sent is one that the policy allows, that was decided on what is known, and on a fresh look. */
import { arnOf } from '../../../lib/loop/account.ts';
import { judge, servedOf } from '../../../lib/loop/judge.ts';
import type { LoadedService } from '../../../lib/loop/ports.ts';
import type { Decided } from '../../../lib/policy/decision.ts';
import type { ServicePolicy } from '../../../lib/policy/policy.ts';
import { ACCOUNT } from '../account.ts';
import type { Run } from '../scheduler.ts';
import type { Heard } from '../world.ts';
import { type Change, changesOf, type Invariant, nameOf } from './invariant.ts';

export const withinBounds: Invariant = (run) =>
  changesOf(run).flatMap((change) => {
    const { sent, intent } = change;
    const policy = policyHeard(sent.heard, sent.arn);
    if (policy === undefined) return [`${sent.actor.name} has no policy for ${sent.arn}`];
    const { min, max } = boundsHeard(sent.heard, policy);
    const { from, to } = intent;
    const said = `${nameOf(sent.actor)} sends ${from} → ${to}`;
    if (to < Math.min(min, max)) return [`${said}, below ${min}`];
    if (to <= max) return [];
    if (to >= from) return [`${said}, above ${max}`];
    return from - to <= giveAtMost(run, change, policy) ? [] : [`${said}, a larger step than the policy gives back`];
  });

export function policyHeard(heard: Heard, arn: string): ServicePolicy | undefined {
  return heard.set?.services.find((one) => arnOf(ACCOUNT, one) === arn);
}

function boundsHeard(heard: Heard, { capacity, service }: ServicePolicy): { min: number; max: number } {
  let { min, max } = capacity;
  for (const { scope, set, expiresAt } of heard.overrides ?? []) {
    if (scope !== `prod/${service}` || expiresAt <= (heard.now ?? 0)) continue;
    if (set.kind === 'floor') min = Math.max(min, set.tasks);
    if (set.kind === 'ceiling') max = Math.min(max, Math.max(set.tasks, capacity.min));
  }
  return { min, max };
}

/** Percent or tasks of the most that was desired in the period. */
function giveAtMost({ world }: Run, { sent }: Change, { pace }: ServicePolicy): number {
  const { percent, tasks, periodSeconds } = pace.in.upTo;
  const counts = world.plants.get(sent.arn)?.counts() ?? [];
  const from = sent.at - periodSeconds * 1000 - MOST_STALE_MS;
  const most = Math.max(
    ...counts.filter((_, index) => (counts[index + 1]?.at ?? sent.at) >= from).map((one) => one.desired),
  );
  return Math.max(1, tasks, Math.floor((most * percent) / 100));
}

/** A description may be so old, and the tick that asked for it. */
const MOST_STALE_MS = 60_000;

/** The decision anew, from what lay in the store when the change was announced and from what the tick was told. */
export const asDecidedOnTheCommittedState: Invariant = (run) =>
  changesOf(run).flatMap((change) => {
    const { sent, intent } = change;
    const decided = decidedAnew(change);
    const to = decided?.decision.to;
    return decided?.decision.action !== 'hold' && to === intent.to
      ? []
      : [`${nameOf(sent.actor)} sends ${intent.from} → ${intent.to}, but decide() says ${to ?? 'nothing'}`];
  });

function decidedAnew({ sent, before }: Change): Decided | undefined {
  const { heard, arn } = sent;
  const policy = policyHeard(heard, arn);
  const description = heard.described?.get(arn);
  if (policy === undefined || description?.kind !== 'found') return undefined;
  const request = { account: ACCOUNT } as Parameters<typeof servedOf>[2];
  const stored: LoadedService =
    before === undefined ? { kind: 'absent' } : { kind: 'stored', rev: before.rev, value: before.value };
  const { desired, running, pending, deploying } = description;
  const observation = { service: { desired, running, pending, deploying }, signals: heard.readings?.get(arn) ?? {} };
  const judged = judge(
    servedOf(policy, heard.overrides ?? [], request),
    stored,
    heard.rings?.rings[arn],
    heard.rings?.tallies?.[arn],
    { kind: 'seen', observation, targetGroups: [] },
    heard.now ?? 0,
  );
  return judged.kind === 'deciding' ? judged.decided : undefined;
}

/** From the last look at ECS to the change: five seconds, and two between the announcement and the call. */
const LOOK_IS_GOOD_FOR_MS = 7_000;

export const itLooksRightBefore: Invariant = (run) =>
  changesOf(run).flatMap(({ sent, intent }) => {
    const look = run.world.events.findLast(
      (one) => one.kind === 'looked' && one.actor === sent.actor && one.at <= sent.at,
    );
    const age = sent.at - (look?.at ?? 0);
    return age <= LOOK_IS_GOOD_FOR_MS
      ? []
      : [`${sent.actor.name} sends ${intent.from} → ${intent.to} ${age} ms after it looked`];
  });
