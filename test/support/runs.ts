/** Plays a run made by chance: what happens, what is measured, one decision a minute. */
import type { Decided } from '../../lib/policy/decision.ts';
import type { Datapoint } from '../../lib/policy/observation.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import type { Event, Minute } from './arbitrary.ts';
import { decideAt, MINUTE, measure, started, steady, type World, world } from './story.ts';

export interface Step {
  readonly minute: number;
  readonly now: number;
  /** The service as the decision saw it. */
  readonly before: World;
  readonly decided: Decided;
}

export function play(
  policy: ServicePolicy,
  run: readonly Minute[],
  count = 8,
  ordered: (points: readonly Datapoint[]) => readonly Datapoint[] = (points) => points,
): readonly Step[] {
  const given = world({ policy, service: steady(count) });
  return run.map(({ event, measured }, minute) => {
    happen(given, event);
    measure(given, minute, measured);
    for (const [name, points] of Object.entries(given.history)) given.history[name] = [...ordered(points)];
    const before = { ...given, history: structuredClone(given.history) };
    const now = given.startsAt + minute * MINUTE + 55_000;
    return { minute, now, before, decided: decideAt(given, now) };
  });
}

export function happen(given: World, event: Event): void {
  const { service } = given;
  switch (event.kind) {
    case 'nothing':
      return;
    case 'started':
      started(given);
      return;
    case 'taskDied': {
      const running = Math.max(0, service.running - 1);
      given.service = { ...service, running, inService: Math.min(running, service.inService ?? running) };
      return;
    }
    case 'deployment':
      given.service = { ...service, deploying: true };
      return;
    case 'deployed':
      given.service = { ...service, deploying: false };
      return;
    case 'somebodySets':
      given.service = { ...service, ...steady(event.count) };
  }
}
