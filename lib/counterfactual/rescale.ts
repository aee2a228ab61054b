/** Readings of the real service as the virtual one would have made them. Where both had the same tasks a number stays as it is. */
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy, SignalSpec } from '../policy/policy.ts';
import { type BacklogLead, workOf } from './backlog.ts';
import { type RunningEntry, type RunningMeans, runningIn } from './running.ts';
import { isCpu, treatmentOf } from './treatment.ts';

export type Readings = Readonly<Record<string, Reading>>;

export interface Rescaled {
  readonly signals: Readings;
  /** Signal to how its number came about, for each that is not simply the real one shared by other tasks. */
  readonly modelled: Readonly<Record<string, string>>;
}

/** Real tasks on average this busy leave demand that nobody measured: what is inferred from it is a lower bound. Percent of CPU. */
export const SATURATED_PERCENT = 95;
/** Beyond it the formula of queueing theory grows without end, and real services time out. */
const MOST_UTILISATION = 0.95;

/** What a rule of rescaling works with. */
interface Given {
  readonly policy: ServicePolicy;
  readonly name: string;
  readonly spec: SignalSpec;
  readonly readings: Readings;
  readonly running: readonly RunningEntry[];
  readonly leads: Readonly<Record<string, BacklogLead>>;
  /** Percent of CPU that tasks use without work. */
  readonly idle: number;
}

/** A number as it would have been; undefined where nobody can say. */
type Rule = (point: Datapoint, tasks: RunningMeans, periodMs: number) => Datapoint | undefined;

interface Treated {
  readonly rule: Rule;
  /** Also where both had the same tasks. */
  readonly always?: boolean;
  readonly note?: string;
  /** Why a point that the rule leaves out is unknown. Absent: it does not exist. */
  readonly unknown?: string;
}

export function rescale(
  policy: ServicePolicy,
  readings: Readings,
  running: readonly RunningEntry[],
  leads: Readonly<Record<string, BacklogLead>>,
  idle = 0,
): Rescaled {
  const signals: Record<string, Reading> = { ...readings };
  const modelled: Record<string, string> = {};
  for (const [name, spec] of Object.entries(policy.signals)) {
    const reading = readings[name];
    if (reading === undefined) continue;
    const treated = treatedAs({ policy, name, spec, readings, running, leads, idle });
    const { changed, values, lost } = applied(treated, reading, running);
    if (!changed) continue;
    signals[name] = { ...reading, values, ...(lost && treated.unknown ? unknown(treated.unknown) : {}) };
    const note = isSaturated(spec, reading) ? 'a lower bound: the real tasks were saturated' : treated.note;
    if (note !== undefined) modelled[name] = note;
  }
  return { signals, modelled };
}

function unknown(cause: string): Pick<Reading, 'status' | 'cause'> & { cause: string } {
  return { status: 'partial', cause };
}

function applied({ rule, always = false }: Treated, reading: Reading, running: readonly RunningEntry[]) {
  const periodMs = reading.periodSeconds * 1000;
  const values: Datapoint[] = [];
  let changed = false;
  for (const point of reading.values) {
    const tasks = tasksOf(point, periodMs, running);
    const differs = tasks !== undefined && (always || !tasks.same);
    const made = differs ? rule(point, tasks, periodMs) : point;
    changed ||= differs;
    if (made !== undefined) values.push(made);
  }
  return { changed, values, lost: values.length < reading.values.length };
}

/** The tasks of that very datapoint: the source's own word where it has one, else what was running. */
export function tasksOf(
  [startedAt, , made]: Datapoint,
  periodMs: number,
  running: readonly RunningEntry[],
): RunningMeans | undefined {
  const means = runningIn(running, startedAt, startedAt + periodMs);
  return means === undefined || made === undefined ? means : { ...means, real: made };
}

function treatedAs(given: Given): Treated {
  switch (treatmentOf(given.spec)) {
    case 'total':
      return { rule: (point) => point };
    case 'perTask':
      return isCpu(given.spec) || given.spec.source.kind === 'alb'
        ? { rule: shared(given.spec, isCpu(given.spec) ? given.idle : 0) }
        : { rule: shared(given.spec, 0), note: 'shared by the tasks like load' };
    case 'hosts':
      return { rule: ([at, value], { real, virtual }) => (real > 0 ? [at, (value * virtual) / real] : undefined) };
    case 'latency':
      return latency(given);
    case 'queue':
      return queue(given);
    case 'asMeasured':
      return { rule: (point) => point, note: 'as measured on the real service' };
  }
}

/** Without tasks there is no average. A percentage that did not pass 100 on the real tasks would not on the virtual ones. */
function shared({ source }: SignalSpec, idle: number): Rule {
  return ([at, value], { real, virtual }) => {
    if (virtual === 0) return undefined;
    const each = sharedValue(value, real, virtual, idle);
    return [at, source.kind === 'ecs' ? Math.min(each, Math.max(100, value)) : each, virtual];
  };
}

/** An average over `real` tasks, over `virtual` ones. What a task has without work stays with each of them. */
function sharedValue(value: number, real: number, virtual: number, idle: number): number {
  const own = Math.min(idle, value);
  return own + ((value - own) * real) / virtual;
}

/** Processor sharing: a request takes 1 / (1 − utilisation) times as long as alone, at every percentile alike. */
function latency(given: Given): Treated {
  const cpu = Object.entries(given.policy.signals).find(([, spec]) => isCpu(spec))?.[0];
  const reading = cpu === undefined ? undefined : given.readings[cpu];
  const busy = (percent: number) => Math.min(MOST_UTILISATION, Math.max(0, percent / 100));
  const rule: Rule = ([at, value], { real, virtual }, periodMs) => {
    const percent = reading === undefined ? undefined : meanIn(reading, at, at + periodMs);
    if (percent === undefined || virtual === 0) return undefined;
    const alone = value * (1 - busy(percent));
    return [at, alone / (1 - busy(sharedValue(percent, real, virtual, given.idle)))];
  };
  const note = 'from utilisation';
  return { rule, note, unknown: 'with other tasks it cannot be told without the CPU of the same period' };
}

function meanIn({ values, periodSeconds }: Reading, fromAt: EpochMs, toAt: EpochMs): number | undefined {
  let sum = 0;
  let count = 0;
  for (const [at, value] of values) {
    if (at >= toAt || at + periodSeconds * 1000 <= fromAt) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/**
 * With a backlog target the virtual queue is worked out. A count per task that a target asks for cannot run away and stays as measured;
 * what only rules look at is shared by the tasks, or a rule would ask again for as long as the real service leaves its queue full.
 */
function queue({ policy, name, leads }: Given): Treated {
  if (workOf(policy, name) !== undefined) {
    const lead = leads[name]?.[1] ?? 0;
    const rule: Rule = ([at, value]) => [at, Math.max(0, value + lead)];
    return { rule, always: lead !== 0, note: 'from the work of other tasks' };
  }
  if (policy.targets.some(({ signal }) => signal === name)) {
    return { rule: (point) => point, note: 'as measured on the real service' };
  }
  const rule: Rule = ([at, value], { real, virtual }) => (virtual === 0 ? [at, value] : [at, (value * real) / virtual]);
  return { rule, note: 'shared by the tasks like load' };
}

function isSaturated(spec: SignalSpec, { values }: Reading): boolean {
  return isCpu(spec) && values.some(([, value]) => value >= SATURATED_PERCENT);
}
