/** What became of our last change: in service, given up waiting for, or taken by ECS at once where tasks only went away. */
import { afterFailure } from './breaker.ts';
import type { Reason } from './decision.ts';
import { durationWords } from './duration.ts';
import { withIncreaseInService } from './efforts.ts';
import type { StoppedTask } from './observation.ts';
import type { EpochMs } from './policy.ts';
import type { PastChange } from './state.ts';
import { because, type Turn } from './turn.ts';

/** Comes after the capacity was noticed: `verifiedAt` is now where the tasks were seen in service just now. */
export function noticeOutcome(turn: Turn): Turn {
  const change = turn.state.lastChange;
  if (change?.by !== 'us') return turn;
  if (hasSucceeded(turn, change)) return closed({ ...turn, state: withIncreaseInService(turn.state, change) });
  const isOver = change.to <= change.from || change.verifiedAt !== undefined || change.unverifiedAt !== undefined;
  return isOver || turn.now - change.at < 2 * turn.start.p95 * 1000 ? turn : givenUp(turn, change);
}

/** A decrease has nothing to wait for but that ECS shows it and the rest serves. */
function hasSucceeded({ state, now, observation, inService }: Turn, change: PastChange): boolean {
  if (change.to > change.from) return change.verifiedAt === now;
  const { desired } = observation.service;
  return change.at > (state.breaker?.at ?? now) && desired === change.to && inService >= desired;
}

function closed(turn: Turn): Turn {
  if (turn.state.breaker === undefined) return turn;
  const { breaker, ...state } = turn.state;
  const reasons: readonly Reason[] =
    breaker.openUntil === undefined ? [] : [{ kind: 'breakerClosed', failures: breaker.failures }];
  return because({ ...turn, state }, ...reasons);
}

function givenUp(turn: Turn, change: PastChange): Turn {
  const { now, desired, inService } = turn;
  const missing = Math.max(0, desired - inService);
  const afterSeconds = (now - change.at) / 1000;
  const causes = causesOf(turn, missing, change.at);
  const { from, to } = change;
  const state = { ...turn.state, lastChange: { ...change, unverifiedAt: now } };
  const what = `${from} → ${to} not in service after ${durationWords(afterSeconds)}${causes.length === 0 ? '' : ` (${causes.join(', ')})`}`;
  const reason: Reason = { kind: 'unverified', from, to, missing, afterSeconds, causes };
  return because({ ...turn, state: afterFailure(state, now, what) }, reason);
}

/** What is known of the tasks that are missing, the plainest first. */
function causesOf({ observation }: Turn, missing: number, since: EpochMs): readonly string[] {
  const { service } = observation;
  const { pending, running, desired, unhealthy = 0, unhealthyBecause, trouble, stopped = [], stoppedUnknown } = service;
  const causes: string[] = [];
  if (pending > 0) causes.push(`${pending} pending`);
  if (unhealthy > 0)
    causes.push(`${unhealthy} unhealthy${unhealthyBecause === undefined ? '' : `: ${unhealthyBecause}`}`);
  const absent = Math.min(missing, desired - running - pending);
  if (absent > 0) causes.push(`${absent} not started`);
  causes.push(...stoppedClauses(stopped.filter(({ at }) => at >= since)));
  if (stoppedUnknown !== undefined) causes.push(`why tasks stopped is unknown: ${stoppedUnknown}`);
  if (trouble !== undefined && trouble.at >= since) causes.push(`ECS: ${trouble.says}`);
  return causes;
}

const MOST_CLAUSES = 2;

/** Each thing that was said once, with how many tasks it was said of, the commonest first. */
function stoppedClauses(stopped: readonly StoppedTask[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { says } of stopped) counts.set(says, (counts.get(says) ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.slice(0, MOST_CLAUSES).map(([says, count]) => `${count} stopped: ${says}`);
}
