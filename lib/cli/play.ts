/**
 * The run itself. Main thread: the plant and the local cloud. Handler thread: the handler and the SDK.
 * For each minute of the schedule the plant goes on to that moment, the handler is invoked and answers, and so on:
 * what a tick changes takes effect after it, and no tick sees what has not happened yet.
 */
import type { LedgerEntry } from '../loop/ports.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import type { DecisionShown } from '../report/run.ts';
import { stream } from '../sim/chance.ts';
import type { Load, Plant } from '../sim/types.ts';
import type { HandlerLink } from './handler-link.ts';
import type { Pace } from './pace.ts';
import { shownOf } from './shown.ts';

export interface Stage {
  readonly load: Load;
  readonly plant: Plant;
  readonly policy: ServicePolicy;
  readonly handler: HandlerLink;
  readonly seed: number;
  readonly pace: Pace;
}

/** After one tick. */
export interface Tick {
  readonly now: EpochMs;
  /** Of the run, from 0 to 1. */
  readonly done: number;
  readonly entries: readonly LedgerEntry[];
}

export interface Spent {
  /** Real milliseconds: moving the plant, and inside the handler's invocations, as its own thread measured them. */
  plantMs: number;
  handlerMs: number;
  /** Of these, while it waited for an answer from the cloud. */
  awsMs: number;
}

export interface Played {
  readonly ticks: number;
  /** One for each tick that decided. Without the reasons behind the sentences: a month of them would fill the memory. */
  readonly decisions: readonly DecisionShown[];
  readonly spent: Spent;
}

/** The schedule fires a little after the minute. */
const LEAST_JITTER_MS = 1_000;
const MOST_JITTER_MS = 5_000;

/** Throws the abort's reason when the run is given up. */
export async function play(stage: Stage, onTick: (tick: Tick) => void, abort: AbortSignal): Promise<Played> {
  const { load, plant, policy, handler, pace } = stage;
  const uniform = stream(stage.seed, 'schedule');
  const decisions: DecisionShown[] = [];
  const spent: Spent = { plantMs: 0, handlerMs: 0, awsMs: 0 };
  const cadenceMs = policy.cadenceSeconds * 1000;
  let ticks = 0;
  for (let scheduledAt = load.startsAt; scheduledAt < load.endsAt; scheduledAt += cadenceMs) {
    const jitterMs = Math.round(LEAST_JITTER_MS + uniform() * (MOST_JITTER_MS - LEAST_JITTER_MS));
    const now = scheduledAt + jitterMs;
    spent.plantMs += timed(() => plant.advanceTo(now));
    await pace(now, abort);
    abort.throwIfAborted();
    const event = { shard: '0', scheduledAt: new Date(scheduledAt).toISOString() };
    const { report, ms, awsMs } = await handler.invoke({ now, event });
    spent.handlerMs += ms;
    spent.awsMs += awsMs;
    ticks += 1;
    const own = report.kind === 'ticked' ? report.entries : [];
    decisions.push(...own.map(shownOf));
    onTick({ now, done: (scheduledAt + cadenceMs - load.startsAt) / (load.endsAt - load.startsAt), entries: own });
  }
  spent.plantMs += timed(() => plant.advanceTo(load.endsAt));
  return { ticks, decisions, spent };
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
