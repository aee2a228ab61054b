/** Signals given as series or as functions of time, by service and name. */
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import type { SignalQuery, Signals } from './ports.ts';

/** Raw numbers, in the source's unit: `scale` is applied when they are read. Null: no datapoint for that period. */
export type SignalSeries = readonly Datapoint[] | ((periodStartedAt: EpochMs) => number | SampledValue | null);

/** The value and the tasks that made it. */
export type SampledValue = readonly [value: number, tasks: number];

export interface MemorySignals extends Signals {
  give(service: ServiceName, signal: string, series: SignalSeries): void;
  /** From now on this signal answers so, with the values it has; `give` ends it. */
  fail(service: ServiceName, signal: string, status: 'partial' | 'forbidden' | 'failed', cause: string): void;
  /** The queries of each `read`, oldest first. */
  readonly asked: readonly (readonly SignalQuery[])[];
}

interface Source {
  readonly series: SignalSeries;
  readonly fault?: Required<Pick<Reading, 'status' | 'cause'>>;
}

/** A signal that nobody gave is silent: `complete`, and no values, as a source answers for a name it never saw. */
export function memorySignals(): MemorySignals {
  const sources = new Map<string, Source>();
  const asked: (readonly SignalQuery[])[] = [];
  return {
    asked,
    give: (service, signal, series) => void sources.set(keyOf(service, signal), { series }),
    fail(service, signal, status, cause) {
      const series = sources.get(keyOf(service, signal))?.series ?? [];
      sources.set(keyOf(service, signal), { series, fault: { status, cause } });
    },
    async read(queries, now, abort) {
      abort.throwIfAborted();
      asked.push(structuredClone(queries));
      return queries.map((query) => answer(query, sources.get(keyOf(query, query.name)), now));
    },
  };
}

function answer({ spec, periods }: SignalQuery, source: Source | undefined, now: EpochMs): Reading {
  const period = spec.periodSeconds * 1000;
  const end = Math.floor((now - spec.publicationDelaySeconds * 1000) / period) * period;
  const start = end - Math.max(1, periods) * period;
  const raw = source === undefined ? [] : datapoints(source.series, start, end, period);
  const values = raw
    .filter(([, value]) => Number.isFinite(value * spec.scale))
    .map(([at, value, tasks]): Datapoint => {
      const scaled = value * spec.scale;
      return tasks === undefined || !spec.averagedOverTasks ? [at, scaled] : [at, scaled, tasks];
    });
  const fault = source?.fault ?? (values.length < raw.length ? NOT_A_NUMBER : undefined);
  return { status: 'complete', periodSeconds: spec.periodSeconds, values, ...fault };
}

const NOT_A_NUMBER = { status: 'failed', cause: 'the source answered with a value that is not a number' } as const;

function datapoints(series: SignalSeries, start: EpochMs, end: EpochMs, period: number): Datapoint[] {
  if (typeof series !== 'function') return series.filter(([at]) => at >= start && at < end);
  const found: Datapoint[] = [];
  for (let at = start; at < end; at += period) {
    const value = series(at);
    if (value !== null) found.push(typeof value === 'number' ? [at, value] : [at, ...value]);
  }
  return found;
}

function keyOf(service: ServiceName, signal: string): string {
  return `${nameText(service)} ${signal}`;
}
