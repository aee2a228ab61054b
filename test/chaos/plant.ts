/** What a scaler cannot know: the services as they are at ECS, and the numbers that they make. Small, and exact at every moment. */
import type { DescribedService, ServiceDescription, SignalQuery } from '../../lib/loop/ports.ts';
import type { Datapoint, Reading } from '../../lib/policy/observation.ts';
import type { EpochMs } from '../../lib/policy/policy.ts';

export const MINUTE = 60_000;

/** The desired count since `at`, and when each task is or will be in service, the earliest first. */
interface Stand {
  readonly at: EpochMs;
  readonly desired: number;
  readonly by: 'us' | 'them';
  readonly tasks: readonly EpochMs[];
}

interface Spell {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export type Trouble =
  /** The source does not answer for a signal, or not wholly. */
  | { readonly kind: 'failed' | 'partial' | 'forbidden'; readonly signal: 'cpu' | 'rps' }
  /** It answers, and has nothing. */
  | { readonly kind: 'silent'; readonly signal: 'cpu' | 'rps' }
  /** ECS answers with a failure for the service. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'noRoom' }
  | { readonly kind: 'deploying' };

export interface Plant {
  readonly arn: string;
  /** From the change to its tasks in service. */
  readonly startMs: number;
  desiredAt(at: EpochMs): number;
  runningAt(at: EpochMs): number;
  /** Every count since the beginning, oldest first. */
  counts(): readonly Omit<Stand, 'tasks'>[];
  setCount(at: EpochMs, desired: number, by: 'us' | 'them'): void;
  /** Percent of one task that the service has to do from now on. */
  setLoad(at: EpochMs, load: number): void;
  loadAt(at: EpochMs): number;
  trouble(trouble: Trouble, spell: Spell): void;
  describe(at: EpochMs): ServiceDescription;
  read(query: SignalQuery, asked: EpochMs, at: EpochMs): Reading;
}

/** The true delay until a period's datapoint can be read: a little less than what policies allow for. */
const PUBLISHED_AFTER_MS = 45_000;

export function plant(arn: string, startsAt: EpochMs, desired: number, load: number, startMs: number): Plant {
  const longAgo = startsAt - 3_600_000;
  const stands: Stand[] = [{ at: longAgo, desired, by: 'them', tasks: Array(desired).fill(longAgo) }];
  const loads: (readonly [EpochMs, number])[] = [[longAgo, load]];
  const troubles: (Spell & { readonly trouble: Trouble })[] = [];
  const standAt = (at: EpochMs): Stand => stands.findLast((one) => one.at <= at) ?? (stands[0] as Stand);
  const loadAt = (at: EpochMs): number => loads.findLast(([since]) => since <= at)?.[1] ?? load;
  const runningAt = (at: EpochMs): number => standAt(at).tasks.filter((inServiceAt) => inServiceAt <= at).length;
  const spellOf = (at: EpochMs, is: (trouble: Trouble) => boolean) =>
    troubles.find(({ from, to, trouble }) => from <= at && at < to && is(trouble));

  /** Percent of a task for cpu, with the tasks that made it; requests of the whole service for rps. */
  function datapoint(signal: string, start: EpochMs): Datapoint | undefined {
    const end = start + MINUTE;
    if (spellOf(start, (one) => one.kind === 'silent' && one.signal === signal) !== undefined) return undefined;
    if (signal === 'rps') return [start, loadAt(end - 1) * 60];
    const running = runningAt(end);
    return running === 0 ? undefined : [start, Math.min(100, loadAt(end - 1) / running), running];
  }

  return {
    arn,
    startMs,
    loadAt,
    runningAt,
    desiredAt: (at) => standAt(at).desired,
    counts: () => stands,
    setCount(at, wanted, by) {
      const { tasks } = standAt(at);
      const room = spellOf(at, ({ kind }) => kind === 'noRoom')?.to ?? at;
      const starting = Array<EpochMs>(Math.max(0, wanted - tasks.length)).fill(Math.max(room, at + startMs));
      const all = [...tasks.slice(0, wanted), ...starting].sort((a, b) => a - b);
      stands.push({ at, desired: wanted, by, tasks: all });
    },
    setLoad: (at, percent) => void loads.push([at, percent]),
    trouble: (trouble, spell) => void troubles.push({ ...spell, trouble }),
    describe(at): ServiceDescription {
      if (spellOf(at, ({ kind }) => kind === 'unreadable') !== undefined)
        return { kind: 'unreadable', cause: 'AccessDeniedException' };
      const { desired: count } = standAt(at);
      const running = runningAt(at);
      const deploying = spellOf(at, ({ kind }) => kind === 'deploying') !== undefined;
      return { ...FACTS, arn, desired: count, running, pending: count - running, deploying };
    },
    read({ name, spec, periods }, asked, at) {
      const trouble = spellOf(at, (one) => 'signal' in one && one.kind !== 'silent' && one.signal === name)?.trouble;
      const values: Datapoint[] = [];
      const settled = Math.floor((asked - spec.publicationDelaySeconds * 1000) / MINUTE) * MINUTE;
      for (let start = settled - periods * MINUTE; start < settled; start += MINUTE) {
        const point = start + MINUTE + PUBLISHED_AFTER_MS <= at ? datapoint(name, start) : undefined;
        if (point === undefined) continue;
        const [startedAt, value, tasks] = point;
        values.push(tasks === undefined ? [startedAt, value * spec.scale] : [startedAt, value * spec.scale, tasks]);
      }
      const reading = { periodSeconds: spec.periodSeconds, values } as const;
      if (trouble === undefined) return { status: 'complete', ...reading };
      const { kind } = trouble as { kind: 'failed' | 'partial' | 'forbidden' };
      return { status: kind, ...reading, values: kind === 'partial' ? values.slice(1) : [], cause: `it is ${kind}` };
    },
  };
}

const FACTS: Pick<DescribedService, 'kind' | 'status' | 'schedulingStrategy'> = {
  kind: 'found',
  status: 'ACTIVE',
  schedulingStrategy: 'REPLICA',
};
