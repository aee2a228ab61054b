/** The score of a shadow, kept as it goes: what our counts cost and how long they were too few, and the same of what really scaled. */
import type { Datapoint, Observation, Reading } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import type { Beside } from './counterfactual.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type IdleFit, idlePercent, withSample } from './idle.ts';
import { SATURATED_PERCENT, tasksOf } from './rescale.ts';
import { type RunningMeans, runningIn } from './running.ts';
import { isCpu } from './treatment.ts';
import { type Yardstick, yardstickOf } from './yardstick.ts';

export const TALLY_FORMAT = 1;

export interface Side {
  /** Desired at the last look. */
  readonly desired: number;
  readonly overloadedSeconds: number;
  /** Of running tasks. */
  readonly taskSeconds: number;
  readonly changes: number;
}

export interface Tally {
  readonly v: typeof TALLY_FORMAT;
  /** Of the policy that is scored; another one starts a new tally. */
  readonly policy: string;
  readonly since: EpochMs;
  /** The last look. */
  readonly until: EpochMs;
  /** End of the newest datapoint that was judged. */
  readonly judgedTo: EpochMs;
  /** Seconds whose tasks were counted; longer gaps between two looks are left out. */
  readonly watchedSeconds: number;
  /** Seconds whose load was known. */
  readonly judgedSeconds: number;
  /** Of these, seconds in which the real tasks were full, so that the load may have been more than what is known. */
  readonly saturatedSeconds: number;
  /** What an overloaded minute is, as a clause, and whether CPU tells it; absent where the policy has nothing to tell it by. */
  readonly overloaded?: { readonly words: string; readonly byCpu: boolean };
  readonly ours: Side;
  /**
   * Our overloaded seconds if the load on our tasks were a little less, and a little more, than what is inferred. Where the real tasks
   * were full nobody knows how much more it was.
   */
  readonly oursBetween: { readonly least: number; readonly most: number };
  readonly theirs: Side;
  /** Signals whose numbers were not simply the real ones shared by other tasks, and how they came about. */
  readonly modelled: Readonly<Record<string, string>>;
  /** What is learned of the tasks' idle CPU. */
  readonly idle?: IdleFit;
}

/** What is inferred of tasks that did not run may be so far off: no two tasks are equal, and what one uses without work differs. */
export const INFERRED_WITHIN = 0.05;

/** Looks further apart than so many cadences have lost some between them. */
const LOST_CADENCES = 3;

/** The tally after one more look. `real`: as the service is; `seen`: as the virtual one is beside it. */
export function tallied(
  before: Tally | undefined,
  policy: ServicePolicy,
  real: Observation,
  seen: Beside,
  now: EpochMs,
): Tally {
  const fingerprint = fingerprintOf(policy);
  const tally = before?.policy === fingerprint ? before : fresh(fingerprint, real, seen, now);
  const watched = withTasks(tally, policy, seen, now);
  const judged = withLoad(watched, policy, real, seen);
  return {
    ...judged,
    until: now,
    ours: counted(judged.ours, seen.virtual.desired),
    theirs: counted(judged.theirs, real.service.desired),
    modelled: { ...judged.modelled, ...seen.modelled },
  };
}

function fresh(policy: string, real: Observation, { virtual }: Beside, now: EpochMs): Tally {
  const side = { overloadedSeconds: 0, taskSeconds: 0, changes: 0 };
  return {
    v: TALLY_FORMAT,
    policy,
    since: now,
    until: now,
    judgedTo: now,
    watchedSeconds: 0,
    judgedSeconds: 0,
    saturatedSeconds: 0,
    ours: { ...side, desired: virtual.desired },
    oursBetween: { least: 0, most: 0 },
    theirs: { ...side, desired: real.service.desired },
    modelled: {},
  };
}

function counted(side: Side, desired: number): Side {
  return desired === side.desired ? side : { ...side, desired, changes: side.changes + 1 };
}

function withTasks(tally: Tally, { cadenceSeconds }: ServicePolicy, { virtual }: Beside, now: EpochMs): Tally {
  const seconds = (now - tally.until) / 1000;
  const means = runningIn(virtual.running, tally.until, now);
  if (means === undefined || seconds > LOST_CADENCES * cadenceSeconds) return tally;
  return {
    ...tally,
    watchedSeconds: tally.watchedSeconds + seconds,
    ours: { ...tally.ours, taskSeconds: tally.ours.taskSeconds + means.virtual * seconds },
    theirs: { ...tally.theirs, taskSeconds: tally.theirs.taskSeconds + means.real * seconds },
  };
}

/** Every datapoint that ended since the last look is judged once. One that comes late is not judged at all. */
function withLoad(tally: Tally, policy: ServicePolicy, real: Observation, seen: Beside): Tally {
  const yardstick = yardstickOf(policy, idlePercent(tally.idle));
  const reading = yardstick === undefined ? undefined : real.signals[yardstick.signal];
  if (yardstick === undefined || reading?.status !== 'complete') return tally;
  const periodMs = reading.periodSeconds * 1000;
  const isNew = ([at]: Datapoint) => at >= tally.judgedTo;
  const byCpu = isCpu(policy.signals[yardstick.signal]);
  let next: Tally = { ...tally, overloaded: { words: yardstick.words, byCpu } };
  for (const point of [...reading.values].filter(isNew).sort(([a], [b]) => a - b)) {
    const tasks = tasksOf(point, periodMs, seen.virtual.running);
    if (tasks !== undefined)
      next = judged(learned(next, policy, real, point, tasks), policy, yardstick, point, tasks, reading, seen);
  }
  return next;
}

/** Full tasks and tasks of two revisions do not lie on the line. */
function learned(
  tally: Tally,
  policy: ServicePolicy,
  real: Observation,
  point: Datapoint,
  { real: tasks }: RunningMeans,
) {
  if (tally.overloaded?.byCpu !== true || point[1] >= SATURATED_PERCENT || real.service.deploying === true)
    return tally;
  const idle = withSample(tally.idle, policy, real, point, tasks);
  return idle === undefined ? tally : { ...tally, idle };
}

function judged(
  tally: Tally,
  { signals }: ServicePolicy,
  { signal, needed }: Yardstick,
  point: Datapoint,
  tasks: RunningMeans,
  { periodSeconds: seconds }: Reading,
  seen: Beside,
): Tally {
  const [startedAt, value] = point;
  const needs = needed(value, tasks.real);
  const spec = signals[signal];
  // Of a queue the virtual service has its own; everything else is the same load for both.
  const own = seen.observation.signals[signal]?.values.find(([at]) => at === startedAt)?.[1];
  const ourNeeds = spec?.source.kind === 'sqs' && own !== undefined ? needed(own, tasks.virtual) : needs;
  const full = isCpu(spec) && value >= SATURATED_PERCENT;
  const add = (side: Side, short: boolean): Side =>
    short ? { ...side, overloadedSeconds: side.overloadedSeconds + seconds } : side;
  const ourTasks = tasks.same ? tasks.real : tasks.virtual;
  const margin = tasks.same ? 0 : INFERRED_WITHIN;
  const shortAt = (factor: number) => (ourNeeds * factor > ourTasks ? seconds : 0);
  const { least, most } = tally.oursBetween;
  const atMost = full && !tasks.same ? seconds : shortAt(1 + margin);
  return {
    ...tally,
    judgedTo: startedAt + seconds * 1000,
    judgedSeconds: tally.judgedSeconds + seconds,
    saturatedSeconds: tally.saturatedSeconds + (full ? seconds : 0),
    ours: add(tally.ours, ourNeeds > ourTasks),
    oursBetween: { least: least + shortAt(1 - margin), most: most + atMost },
    theirs: add(tally.theirs, needs > tasks.real),
  };
}
