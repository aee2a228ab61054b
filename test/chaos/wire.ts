/** The way of one call: there, done, and back. It takes its time, and may fail, crash its caller or lose its answer. */
import type { Fault, FaultKind } from './scenario.ts';
import type { Actor, Fact, World } from './world.ts';

export type Failure = Exclude<FaultKind, 'crashBefore' | 'crashAfter'>;

export function note({ time, events }: World, actor: Actor, fact: Fact): void {
  events.push({ ...fact, at: time.now(), actor });
}

/** How a call that failed answers: most throw, and a change of the count has words for it. */
export interface Way<T> {
  readonly abort: AbortSignal;
  readonly limitMs?: number;
  readonly failed: (failure: Failure | 'abort') => T;
}

/** Whoever is dead or frozen hears nothing, but what was sent is done all the same. */
export function through<T>(world: World, actor: Actor, what: string, way: Way<T>, done: () => Promise<T>): Promise<T> {
  const { time } = world;
  const index = actor.calls++;
  const faults = actor.plan.faults.filter(({ call }) => call === index);
  const failure = faults.map(({ kind }) => kind).find(isFailure);
  for (const fault of faults) befall(world, actor, fault);
  if (actor.state === 'dead') return new Promise<T>(() => undefined);
  if (way.abort.aborted) return new Promise((resolve) => resolve(way.failed('abort')));
  const after = (ms: number, action: () => void) => time.at(time.now() + ms, action);
  const later = faults.reduce((sum, fault) => sum + (fault.kind === 'slow' ? fault.ms : 0), 0);
  const [there, back] = [later + latencyOf(actor, 2 * index), latencyOf(actor, 2 * index + 1)];
  const limitMs = way.limitMs ?? Number.POSITIVE_INFINITY;
  return new Promise<T>((resolve, reject) => {
    const answer = hearing<T>(world, actor, resolve, reject);
    const fail = (as: Failure | 'abort') => answer(() => way.failed(as));
    if (way.abort === actor.abort.signal) way.abort.addEventListener('abort', () => fail('abort'), { once: true });
    if (there + back > limitMs) after(limitMs, () => fail('lose'));
    after(Math.min(there, limitMs), () => {
      if (failure !== undefined && failure !== 'lose') {
        note(world, actor, { kind: 'failed', what, failure });
        after(back, () => fail(failure));
        return;
      }
      const doing = done();
      if (faults.some(({ kind }) => kind === 'crashAfter')) die(world, actor);
      // A caller that lives hears of its fault by the answer; that a dead one hears nothing must not end the whole run.
      doing.catch(() => undefined);
      after(back, () => (failure === 'lose' ? fail('lose') : answer(() => doing)));
    });
  });
}

/** What a caller hears, once: nothing when it is dead, and later when it is frozen. */
function hearing<T>(
  { time }: World,
  actor: Actor,
  resolve: (value: T | Promise<T>) => void,
  reject: (error: unknown) => void,
): (say: () => T | Promise<T>) => void {
  let isOpen = true;
  actor.open += 1;
  const answer = (say: () => T | Promise<T>): void => {
    if (actor.state === 'dead' || !isOpen) return;
    if (time.now() < actor.frozenUntil) {
      time.at(actor.frozenUntil, () => answer(say));
      return;
    }
    isOpen = false;
    actor.open -= 1;
    try {
      resolve(say());
    } catch (error) {
      reject(error);
    }
  };
  return answer;
}

function befall(world: World, actor: Actor, fault: Fault): void {
  if (fault.kind === 'crashBefore') die(world, actor);
  if (fault.kind === 'freeze') actor.frozenUntil = world.time.now() + fault.ms;
  if (fault.kind === 'meanwhile') world.happens(fault.what);
}

export function die(world: World, actor: Actor): void {
  if (actor.state !== 'running') return;
  actor.state = 'dead';
  actor.endedAt = world.time.now();
  note(world, actor, { kind: 'died' });
}

function isFailure(kind: Fault['kind']): kind is Failure {
  return kind === 'throttle' || kind === 'serverError' || kind === 'refuse' || kind === 'lose';
}

function latencyOf({ plan }: Actor, index: number): number {
  return plan.latencyMs[index % plan.latencyMs.length] ?? 1;
}
