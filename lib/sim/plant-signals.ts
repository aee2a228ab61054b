/**
 * The signals of one tick over plants in the same process: what CloudWatch, and SQS itself, would show at that moment. Plants show
 * datapoints when they are published, so nothing of the future passes through here.
 */
import type { SignalQuery, Signals } from '../loop/ports.ts';
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs, SignalSource, SignalSpec } from '../policy/policy.ts';
import { samplesNeeded } from '../policy/samples.ts';
import { isPlantMetric, plantMetric } from './plant-metric.ts';
import { keyOf, type Plants, plantFinder } from './plant-ports.ts';
import { SeriesTail } from './series-tail.ts';
import { statisticCalled } from './statistics.ts';
import type { Plant } from './types.ts';

type Source = Parameters<typeof plantMetric>[1];

export function plantSignals(plants: Plants): Signals {
  const find = plantFinder(plants);
  const readers = new Map([...plants.values()].map((plant) => [plant, new PlantReader(plant)]));
  return {
    async read(queries, now, abort) {
      abort.throwIfAborted();
      return queries.map((query) => {
        const plant = find(query);
        const reader = plant && readers.get(plant);
        return reader?.read(query, queries, now) ?? failed(query.spec, `there is no simulated service ${keyOf(query)}`);
      });
    },
  };
}

/** True where a plant like this one would ever answer for a source. */
export function isPlayed(source: SignalSource, plant: Plant): boolean {
  if (source.kind === 'share') return isPlayed(source.part, plant);
  if (source.kind === 'sqs') return source.queue === plant.view().queue?.name;
  return isPlantMetric(source) && plantMetric(plant.metrics(), source) !== undefined;
}

/** Reads one plant; keeps what it has worked out, since what is published does not change any more. */
class PlantReader {
  private readonly plant: Plant;
  private readonly tails = new WeakMap<SignalSpec, SeriesTail>();
  private readonly counts = new WeakMap<SignalSpec, SignalSpec>();
  /** A share's numerator as a signal of its own. */
  private readonly parts = new WeakMap<SignalSpec, SignalSpec>();

  constructor(plant: Plant) {
    this.plant = plant;
  }

  read(query: SignalQuery, all: readonly SignalQuery[], now: EpochMs): Reading {
    const { spec } = query;
    const { source } = spec;
    if (source.kind === 'sqs') return queueReading(spec, source, this.plant, now);
    if (source.kind === 'share') return this.share(query, source, all, now);
    if (isPlantMetric(source)) return this.metric(spec, source, query.periods, now);
    return failed(spec, `a simulated service has no signal of kind ${source.kind}`);
  }

  private metric(spec: SignalSpec, source: Source, periods: number, now: EpochMs): Reading {
    const tail = this.tailOf(spec, source);
    if (tail === 'noStatistic') return failed(spec, `a simulated service has no statistic ${spec.stat}`);
    // A name that nobody reports under is silence, as it is to CloudWatch.
    if (tail === 'silent') return complete(spec, []);
    const reading = complete(spec, tail.last(periods, now));
    const counting = samplesNeeded(spec) === undefined ? undefined : this.tailOf(this.countOf(spec), source);
    if (counting === undefined || typeof counting === 'string') return reading;
    return { ...reading, samples: counting.last(periods, now).map(([startedAt, samples]) => [startedAt, samples]) };
  }

  private tailOf(spec: SignalSpec, source: Source): SeriesTail | 'noStatistic' | 'silent' {
    const known = this.tails.get(spec);
    if (known !== undefined) return known;
    const statistic = statisticCalled(spec.stat);
    if (statistic === undefined) return 'noStatistic';
    const metric = plantMetric(this.plant.metrics(), source);
    if (metric === undefined) return 'silent';
    const tail = new SeriesTail(spec, metric, statistic);
    this.tails.set(spec, tail);
    return tail;
  }

  /** The samples behind a percentile, as a signal of its own. */
  private countOf(spec: SignalSpec): SignalSpec {
    const count = this.counts.get(spec) ?? { ...spec, stat: 'SampleCount', scale: 1 };
    this.counts.set(spec, count);
    return count;
  }

  /** Percent of another signal, period by period. Of nothing there is no share; a load balancer's silence about errors is zero. */
  private share(
    { spec, periods, ...query }: SignalQuery,
    { part, of }: SignalSource & { readonly kind: 'share' },
    all: readonly SignalQuery[],
    now: EpochMs,
  ): Reading {
    const whole = all.find((one) => one.name === of && keyOf(one) === keyOf(query));
    if (whole === undefined) return failed(spec, `${of}, of which it is a share, is not read`);
    const wholes = this.read({ ...whole, periods }, all, now);
    const parts = this.read({ ...query, periods, spec: this.partOf(spec, part) }, all, now);
    if (wholes.status !== 'complete') return failed(spec, `${of}, of which it is a share: ${wholes.cause}`);
    if (parts.status !== 'complete') return parts;
    const byStart = new Map(parts.values.map(([startedAt, value]) => [startedAt, value]));
    const values = wholes.values.flatMap(([startedAt, value]): Datapoint[] => {
      const one = byStart.get(startedAt) ?? (part.kind === 'alb' ? 0 : undefined);
      return one === undefined || value <= 0 ? [] : [[startedAt, (100 * one) / value]];
    });
    return complete(spec, values);
  }

  private partOf(spec: SignalSpec, source: SignalSource): SignalSpec {
    const part = this.parts.get(spec) ?? { ...spec, source };
    this.parts.set(spec, part);
    return part;
  }
}

/** SQS itself answers for this moment and has no history: one value, for the period that has just ended. */
function queueReading(spec: SignalSpec, source: SignalSource & { kind: 'sqs' }, plant: Plant, now: EpochMs): Reading {
  const { queue } = plant.view();
  if (queue?.name !== source.queue) return failed(spec, `there is no simulated queue ${source.queue}`);
  const { visible, inFlight } = queue;
  const attributes = { visible, inFlight, delayed: 0, backlog: visible + inFlight };
  const periodMs = spec.periodSeconds * 1000;
  const startedAt = Math.floor(now / periodMs) * periodMs - periodMs;
  return complete(spec, [[startedAt, attributes[source.attribute] * spec.scale]]);
}

function complete({ periodSeconds }: SignalSpec, values: readonly Datapoint[]): Reading {
  return { status: 'complete', periodSeconds, values };
}

function failed({ periodSeconds }: SignalSpec, cause: string): Reading {
  return { status: 'failed', periodSeconds, values: [], cause };
}
