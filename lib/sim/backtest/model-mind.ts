/** Application Auto Scaling as the one that decides, on what a virtual service of its own would have shown to CloudWatch. */
import type { PredictivePolicy } from '../../policy/application-auto-scaling.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { createStepScaling } from '../peers/aws/step-scaling.ts';
import { TargetTracking } from '../peers/aws/target-tracking.ts';
import { type Capacity, clamp, type Peer, type PeerView } from '../peers/peer.ts';
import type { History } from './history.ts';
import { MODEL_SIGNALS, metricsOf, viewOf } from './model-signals.ts';
import type { Mind } from './replay.ts';
import type { Modelled } from './scaled-by.ts';
import { type BoundsSet, boundsOver } from './scheduled.ts';

/** Fifteen minutes of the low alarm, and room for the delays of publication and evaluation. */
const LOOK_BACK_SECONDS = 24 * 60;
const HOUR_MS = 3_600_000;

export function modelMind(history: History, by: Modelled): Mind {
  const { periodSeconds } = by;
  const { cpu, memory, requests } = MODEL_SIGNALS;
  let scalers = scalersOf(by);
  const bounds = new Bounds(boundsOver(by.timetable, by.capacity, history.from, history.to));
  const reads = { [cpu]: periodsIn(by), [memory]: periodsIn(by), [requests]: longestMinutes(by) };
  return {
    reads,
    decide(seen, now, reset) {
      if (reset) scalers = scalersOf(by);
      const { capacity, isNew } = bounds.at(now);
      const service = viewOf(history, seen);
      const view: PeerView = { now, capacity, sample: null, service, metrics: metricsOf(seen, periodSeconds, now) };
      const floor = clamp(forecastAt(by.forecasts, now), capacity);
      const asked = combined(scalers, view, floor) ?? service.desired;
      // A scheduled action moves the count into its bounds at once; an older count outside of them stays until a policy acts.
      const wanted = Math.max(isNew ? clamp(asked, capacity) : asked, floor);
      return wanted === service.desired ? undefined : wanted;
    },
  };
}

function longestMinutes({ steppings }: Modelled): number {
  const seconds = steppings.map(({ out, in: into, periodSeconds = 60 }) => {
    return (Math.max(out?.alarm.n ?? 1, into?.alarm.n ?? 1) + 4) * periodSeconds + 240;
  });
  return Math.ceil(Math.max(LOOK_BACK_SECONDS, ...seconds) / 60);
}

function periodsIn(by: Modelled): number {
  return (longestMinutes(by) * 60) / by.periodSeconds;
}

interface Scalers {
  readonly trackings: readonly { readonly scaling: TargetTracking; readonly outOnly: boolean }[];
  readonly steppings: readonly Peer[];
}

function scalersOf({ trackings, steppings }: Modelled): Scalers {
  return {
    trackings: trackings.map((one) => ({ scaling: new TargetTracking(one), outOnly: one.scaleInDisabled === true })),
    steppings: steppings.map(createStepScaling),
  };
}

/**
 * Out where any of them asks for it, to the largest count. In by target tracking only where all of those that may scale in ask for it; by
 * step scaling whenever its alarm does. Of several that go in the most cautious wins.
 */
function combined({ trackings, steppings }: Scalers, view: PeerView, floor: number): number | undefined {
  const { desired } = view.service;
  const tracked = trackings.map(({ scaling }) => scaling.decide(view, floor));
  const stepped = steppings.map((peer) => peer.decide(view));
  const asked = [...tracked, ...stepped].filter((wish) => wish !== undefined);
  const out = asked.filter((wish) => wish > desired);
  if (out.length > 0) return Math.max(...out);
  const allIn = trackings.every(({ outOnly }, index) => outOnly || tracked[index] !== undefined);
  const into = [...(allIn ? tracked : []), ...stepped].filter((wish) => wish !== undefined);
  return into.length === 0 ? undefined : Math.max(...into);
}

/** Tasks that the forecasts want: those of this hour, and of the next once it is near. */
function forecastAt(forecasts: readonly PredictivePolicy[], now: EpochMs): number {
  const hourOf = (at: EpochMs) => Math.floor(at / HOUR_MS) * HOUR_MS;
  let most = 0;
  for (const { forecast, bufferSeconds } of forecasts) {
    const hours = [hourOf(now), hourOf(now + bufferSeconds * 1000)];
    for (const [hour, tasks] of forecast) if (hours.includes(hour)) most = Math.max(most, Math.ceil(tasks - 1e-9));
  }
  return most;
}

/** The bounds of a moment. Time goes forward only. */
class Bounds {
  readonly #sets: readonly BoundsSet[];
  #place = 0;

  constructor(sets: readonly BoundsSet[]) {
    this.#sets = sets;
  }

  at(now: EpochMs): { readonly capacity: Capacity; readonly isNew: boolean } {
    const before = this.#place;
    while ((this.#sets[this.#place + 1]?.at ?? Number.POSITIVE_INFINITY) <= now) this.#place += 1;
    const { capacity = { min: 0, max: 0 } } = this.#sets[this.#place] ?? {};
    return { capacity, isNew: this.#place !== before };
  }
}
