/** Pods as Kubernetes would list them, followed through the counts that the plant shows: who started when, and since when it is ready. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { PlantView } from '../../types.ts';
import type { PodSample } from '../pod-sample.ts';
import type { Pod } from './pods.ts';

/** Epoch milliseconds of what has happened to it so far. */
export interface RosterPod {
  readonly startedAt: EpochMs;
  runningAt?: EpochMs;
  readyAt?: EpochMs;
}

export interface Roster {
  pending: RosterPod[];
  running: RosterPod[];
  ready: RosterPod[];
}

/** Long before anything that matters: the pods that were there when the controller came. */
const LONG_AGO = Number.NEGATIVE_INFINITY;

export function rosterOf(view: PlantView): Roster {
  const old = () => ({ startedAt: LONG_AGO, runningAt: LONG_AGO, readyAt: LONG_AGO });
  const roster: Roster = { pending: [], running: [], ready: Array.from({ length: view.inService }, old) };
  return roster;
}

/** Pods move on in the order in which they came; those that leave are the youngest of their stage. */
export function follow(roster: Roster, view: PlantView, now: EpochMs): void {
  const starting = view.running - view.inService;
  const comeReady = view.inService - roster.ready.length;
  promote(roster.running, roster.ready, comeReady, (pod) => ({ ...pod, readyAt: now }), now);
  promote(roster.pending, roster.running, starting - roster.running.length, (pod) => ({ ...pod, runningAt: now }), now);
  for (let missing = view.pending - roster.pending.length; missing > 0; missing--)
    roster.pending.push({ startedAt: now });
  roster.ready.length = view.inService;
  roster.running.length = starting;
  roster.pending.length = view.pending;
}

function promote(
  from: RosterPod[],
  to: RosterPod[],
  count: number,
  next: (pod: RosterPod) => RosterPod,
  now: EpochMs,
): void {
  for (let i = 0; i < count; i++) to.push(next(from.shift() ?? { startedAt: now, runningAt: now }));
}

/** The resource metrics of a moment: what pods in service used on average, and nothing yet of those that came after it. */
export function podsAt(roster: Roster, sample: PodSample | null): Pod[] {
  const pending = roster.pending.map(({ startedAt }): Pod => ({ phase: 'pending', startedAt, request: REQUEST }));
  const running = roster.running.map((pod) => podOf(pod, sample, IDLE));
  const ready = roster.ready.map((pod) => podOf(pod, sample, sample?.cpuPercent ?? null));
  return [...pending, ...running, ...ready];
}

/** One core, in thousandths; utilisation is a share of it. */
const REQUEST = 1000;
/** Percent of a pod that runs without traffic. */
const IDLE = 3;

function podOf(pod: RosterPod, sample: PodSample | null, cpuPercent: number | null): Pod {
  const { startedAt, runningAt = startedAt, readyAt } = pod;
  const since = readyAt ?? startedAt;
  const common = {
    phase: 'running',
    startedAt,
    ready: { is: readyAt !== undefined, since },
    request: REQUEST,
  } as const;
  if (sample === null || cpuPercent === null || runningAt >= sample.at) return common;
  const value = Math.round((cpuPercent / 100) * REQUEST);
  return { ...common, usage: { at: sample.at, windowSeconds: sample.seconds, value } };
}
