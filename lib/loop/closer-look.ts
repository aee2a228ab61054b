/**
 * What a description does not say, asked for only where the answer matters: whether tasks that run also serve, and why those that were
 * waited for are not in service. What was found is judged again.
 */
import type { Judged } from './judge.ts';
import type { Observed } from './observe.ts';
import type { Services, StoppedTasks, TargetHealth } from './ports.ts';

type Seen = Extract<Observed, { kind: 'seen' }>;
type Judge = (index: number, observed: Observed) => Judged;

/** A service that was looked at, and what was made of it. */
interface Looked {
  readonly seen: Observed;
  readonly judged: Judged;
}

/** At once where everything is clear. */
export function judgedCloser(
  services: Services,
  observed: readonly Observed[],
  judge: Judge,
  abort: AbortSignal,
): readonly Judged[] | Promise<readonly Judged[]> {
  const judged = observed.map((seen, index) => judge(index, seen));
  if (!judged.some((one, index) => isUnclear(observed[index], one))) return judged;
  const looked = observed.map((seen, index): Looked => ({ seen, judged: judged[index] as Judged }));
  return lookedCloser(services, looked, judge, abort);
}

async function lookedCloser(
  services: Services,
  first: readonly Looked[],
  judge: Judge,
  abort: AbortSignal,
): Promise<readonly Judged[]> {
  const healthy = await withHealths(services, first, judge, abort);
  const sure = await withStops(services, healthy, judge, abort);
  return sure.map(({ judged }) => judged);
}

const isUnclear = (seen: Observed | undefined, judged: Judged) =>
  seen?.kind === 'seen' && ((seen.targetGroups.length > 0 && needsHealth(judged)) || isGivenUp(judged));

/** Asked of a change whose tasks are awaited, of a service that is short, and of one about to scale in. */
async function withHealths(
  services: Services,
  looked: readonly Looked[],
  judge: Judge,
  abort: AbortSignal,
): Promise<readonly Looked[]> {
  const asking = looked.flatMap(({ seen, judged }, index) =>
    seen.kind === 'seen' && seen.targetGroups.length > 0 && needsHealth(judged) ? [{ seen, index }] : [],
  );
  if (asking.length === 0 || services.health === undefined) return looked;
  const groups = asking.map(({ seen }) => seen.targetGroups);
  return again(looked, asking, await services.health(groups, abort), healthFacts, judge);
}

/** Two calls a service: of more than these at once AWS itself is the cause, and the others say what ECS shows. */
const MOST_ASKED = 10;

/** Asked once a change, when it is given up waiting for its tasks. */
async function withStops(
  services: Services,
  looked: readonly Looked[],
  judge: Judge,
  abort: AbortSignal,
): Promise<readonly Looked[]> {
  const short = looked.flatMap(({ seen, judged }, index) =>
    seen.kind === 'seen' && isGivenUp(judged) ? [{ seen, index, policy: judged.policy }] : [],
  );
  const asking = short.slice(0, MOST_ASKED);
  if (asking.length === 0 || services.stopped === undefined) return looked;
  const names = asking.map(({ policy }) => policy);
  return again(looked, asking, await services.stopped(names, abort), stopFacts, judge);
}

/** Those that were asked about, judged with what was found. */
function again<T>(
  looked: readonly Looked[],
  asked: readonly { readonly seen: Seen; readonly index: number }[],
  found: readonly T[],
  factsOf: (found: T) => Partial<Seen['observation']['service']>,
  judge: Judge,
): readonly Looked[] {
  const next = [...looked];
  asked.forEach(({ seen, index }, position) => {
    const answer = found[position];
    if (answer === undefined) return;
    const { service, signals } = seen.observation;
    const closer = { ...seen, observation: { service: { ...service, ...factsOf(answer) }, signals } };
    next[index] = { seen: closer, judged: judge(index, closer) };
  });
  return next;
}

function needsHealth(judged: Judged): boolean {
  if (judged.kind !== 'deciding' || judged.world.unsent !== undefined) return false;
  const { decided, memory } = judged;
  const { lastChange, shortSince } = memory.state;
  const isAwaited = lastChange?.by === 'us' && lastChange.to > lastChange.from && lastChange.verifiedAt === undefined;
  const isShort = shortSince !== undefined || decided.state.shortSince !== undefined;
  return isAwaited || isShort || decided.decision.action === 'in';
}

function isGivenUp(judged: Judged): boolean {
  if (judged.kind !== 'deciding' || judged.world.unsent !== undefined) return false;
  return judged.decided.reasons.some(({ kind }) => kind === 'unverified');
}

function healthFacts(health: TargetHealth) {
  if (health.kind === 'unknown') return { healthUnknown: health.cause };
  const { inService, unhealthy, because } = health;
  return { inService, unhealthy, ...(because === undefined ? {} : { unhealthyBecause: because }) };
}

function stopFacts(stopped: StoppedTasks) {
  return stopped.kind === 'known' ? { stopped: stopped.tasks } : { stoppedUnknown: stopped.cause };
}
