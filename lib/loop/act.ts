/**
 * Acts on what was decided, most urgent first. Every change is announced in the service's item before it is sent and written there after:
 * whoever finds the announcement alone asks ECS what became of it.
 */
import { afterFailure } from '../policy/breaker.ts';
import { acknowledge } from '../policy/decide.ts';
import type { Decided } from '../policy/decision.ts';
import { urgencyOf } from '../policy/groups.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import type { ServiceState } from '../policy/state.ts';
import { type Budget, type BudgetLimits, limitsOfShard, refilled, spend } from './budget.ts';
import { freshLook, type Look } from './look.ts';
import { coreOf, type Memory } from './memory.ts';
import { NEVER_ABORTED } from './never-aborted.ts';
import {
  type Intent,
  type Lease,
  type Outcome,
  type Ports,
  type ServiceCore,
  SKEW_MARGIN_MS,
  type StoredService,
  UPDATE_TIME_LIMIT_MS,
} from './ports.ts';
import type { After, World } from './shadow-world.ts';
import { CORE_FIELDS } from './stored-item.ts';
import type { TickRequest } from './tick-request.ts';

/** A service with its decision, on its way to an outcome. */
export interface Deciding {
  readonly policy: ServicePolicy;
  readonly arn: string;
  /** The service that the decision is about. */
  readonly world: World;
  readonly memory: Memory;
  readonly decided: Decided;
  /** The desired count that ECS showed when it was decided. */
  readonly observed: number;
}

export interface Acted {
  readonly outcome: Outcome;
  /** What is remembered from now on; its rings are written by the tick. */
  readonly state: ServiceState;
  readonly error?: string;
}

/** What acting needs to know of the tick. */
export interface Acting {
  readonly ports: Pick<Ports, 'services' | 'store' | 'clock'>;
  readonly request: TickRequest;
  readonly lease: Lease;
  readonly now: EpochMs;
}

export interface ActedOn {
  /** In the order given. */
  readonly acted: readonly Acted[];
  readonly updates: Budget;
}

/** From the announcement to the moment after which the call is not sent any more. */
const SEND_WITHIN_MS = 2_000;
/** The rest of an invocation that a change may need: the call, and the write after it. */
const CHANGE_NEEDS_MS = UPDATE_TIME_LIMIT_MS + 2_000;

/**
 * Changes run one after the other, the most urgent first: what fits neither into the time nor into the API budget is left for the next
 * tick. Right before them ECS is asked once more, and again where the changes before took long.
 */
export function actOn(
  turn: Acting,
  services: readonly Deciding[],
  known: Budget | undefined,
): ActedOn | Promise<ActedOn> {
  const limits = limitsOfShard(turn.request.shards ?? 1);
  const budget = refilled(known, turn.ports.clock.now(), limits);
  const [only] = services;
  const quiet = only === undefined || services.length > 1 ? undefined : quietly(only);
  if (only !== undefined && quiet !== undefined) {
    const left = remember(turn, only, quiet);
    const acted = (one: Acted): ActedOn => ({ acted: [one], updates: budget });
    return left instanceof Promise ? left.then(acted) : acted(left);
  }
  return actInOrder(turn, services, budget, limits);
}

async function actInOrder(
  turn: Acting,
  services: readonly Deciding[],
  budget: Budget,
  limits: BudgetLimits,
): Promise<ActedOn> {
  const acted: Acted[] = [];
  let updates = budget;
  let look: Look | undefined;
  const order = services.map((service, index) => ({ service, index, quiet: quietly(service) }));
  order.sort((a, b) => urgencyOf(b.service.decided) - urgencyOf(a.service.decided));
  const changing = order.filter(({ quiet }) => quiet === undefined).map(({ service }) => service);
  for (const { service, index, quiet } of order) {
    const leave = async (outcome: Outcome) => {
      acted[index] = await remember(turn, service, outcome);
    };
    if (quiet !== undefined) {
      await leave(quiet);
      continue;
    }
    updates = refilled(updates, turn.ports.clock.now(), limits);
    const left = spend(updates);
    if (left !== undefined) look = await freshLook(turn, look, changing.slice(changing.indexOf(service)));
    if (left === undefined) await leave('overBudget');
    else if (look === undefined) await leave('outOfTime');
    else if (look.overtaken.has(service)) await leave('stale');
    else {
      updates = left;
      acted[index] = await change(turn, service);
    }
  }
  return { acted, updates };
}

/** The outcome of a decision that sends nothing; undefined where a change is to be sent. */
function quietly({ decided, memory, world }: Deciding): Outcome | undefined {
  if (decided.decision.action === 'hold') return memory.settled === undefined ? 'held' : 'settled';
  return world.unsent;
}

/** Writes what was learned, if anything was: most ticks learn nothing. */
function remember(turn: Acting, service: Deciding, outcome: Outcome): Acted | Promise<Acted> {
  const { memory, decided, world } = service;
  const after = world.after(decided);
  const isKnown =
    memory.settled === undefined && isStored(after.state, memory.stored) && sameJson(after.shadow, memory.shadow);
  return isKnown ? { outcome, state: after.state } : save(turn, service, after, outcome);
}

async function save(
  { ports, request }: Acting,
  { arn, memory }: Deciding,
  { state, shadow }: After,
  outcome: Outcome,
): Promise<Acted> {
  const value = { core: coreOf(state), ...(shadow === undefined ? {} : { shadow }) };
  const saved = await ports.store.save(arn, value, memory.rev, request.abort);
  return saved.kind === 'stale' ? { outcome: 'stale', state: memory.state } : { outcome, state };
}

async function change(turn: Acting, service: Deciding): Promise<Acted> {
  const { ports, request, lease } = turn;
  const { decided, memory, arn, policy } = service;
  const startsAt = ports.clock.now();
  const leaseLeftMs = lease.until - startsAt;
  if (request.remainingMs() < CHANGE_NEEDS_MS || leaseLeftMs < CHANGE_NEEDS_MS + SKEW_MARGIN_MS)
    return remember(turn, service, 'outOfTime');

  // The change's own moment, not the tick's: cooldowns count from it, and for how long a read may be from before it.
  const after = acknowledge(policy, decided, startsAt);
  const sendBy = startsAt + SEND_WITHIN_MS;
  const { from, to } = decided.decision;
  const intent: Intent = { fence: lease.fence, from, to, at: startsAt, sendBy, after: coreOf(after) };
  const announced = await ports.store.save(arn, { core: coreOf(decided.state), intent }, memory.rev, request.abort);
  if (announced.kind === 'stale') return { outcome: 'stale', state: memory.state };
  const write = (value: StoredService, abort = request.abort) => ports.store.save(arn, value, announced.rev, abort);
  if (ports.clock.now() > sendBy)
    return withdrawn(await write({ core: coreOf(decided.state) }, NEVER_ABORTED), decided.state, 'outOfTime');

  const answer = await ports.services.setDesiredCount(policy, to, request.abort);
  if (answer.kind === 'accepted') {
    const saved = await write({ core: coreOf(after) });
    return saved.kind === 'stale' ? { outcome: 'stale', state: after } : { outcome: 'changed', state: after };
  }
  const error = `${answer.error}: ${answer.message}`;
  // Nobody knows whether a lost answer was a yes: the announcement stays and the next tick looks.
  if (answer.kind === 'retryable' && answer.unknown) return { outcome: 'retryable', state: decided.state, error };
  // A tick that was ending sent nothing: that is nobody's failure, and left announced it would count as one.
  if (request.abort.aborted)
    return withdrawn(await write({ core: coreOf(decided.state) }, NEVER_ABORTED), decided.state, answer.kind, error);
  const failed = afterFailure(decided.state, turn.now, `${from} → ${to} failed with ${error}`);
  return withdrawn(await write({ core: coreOf(failed) }), failed, answer.kind, error);
}

function withdrawn(
  saved: { readonly kind: 'saved' | 'stale' },
  state: ServiceState,
  outcome: Outcome,
  error?: string,
): Acted {
  return { outcome: saved.kind === 'stale' ? 'stale' : outcome, state, ...(error === undefined ? {} : { error }) };
}

/** Asked at every tick, and nearly always the answer is yes: what was not touched is the same object still. */
function isStored(state: ServiceState, stored: ServiceCore): boolean {
  for (const name of CORE_FIELDS)
    if (state[name] !== stored[name] && !sameJson(state[name], stored[name])) return false;
  return true;
}

/** Both are plain JSON: the order of their fields says nothing, and a field that is undefined is none. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  for (const name in a) if (!sameJson(a[name], b[name])) return false;
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
