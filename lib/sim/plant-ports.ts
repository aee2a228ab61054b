/**
 * The ports of one tick over plants in the same process: the tick reads what CloudWatch would show at that moment, and changes counts.
 * Nothing of the future passes through here: plants show datapoints when they are published, and know no later load themselves.
 */
import {
  type Account,
  arnOf,
  type Clock,
  type DescribedService,
  type Services,
  type SignalQuery,
  type Signals,
} from '../loop/ports.ts';
import type { Datapoint, Reading } from '../policy/observation.ts';
import type { EpochMs, ServiceName, SignalSource, SignalSpec } from '../policy/policy.ts';
import { queueName } from './queue-reporter.ts';
import { eachPeriod, statisticCalled } from './statistics.ts';
import type { Plant, PlantMetric } from './types.ts';

export const SIMULATED_ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

/** Plants by the service each of them is. */
export type Plants = ReadonlyMap<string, Plant>;

export function plantsOf(plants: readonly Plant[]): Plants {
  return new Map(plants.map((plant) => [keyOf(plant.view()), plant]));
}

function keyOf({ cluster, service }: ServiceName): string {
  return `${cluster}/${service}`;
}

/** Shows the time of a plant. */
export function plantClock(plant: Plant): Clock {
  return { now: () => plant.now };
}

export function plantServices(plants: Plants, account: Account = SIMULATED_ACCOUNT): Services {
  return {
    async describe(names, abort) {
      abort.throwIfAborted();
      return names.map((name) => {
        const plant = plants.get(keyOf(name));
        if (plant === undefined) return { kind: 'missing', cause: `there is no simulated service ${keyOf(name)}` };
        return described(plant, account);
      });
    },
    async setDesiredCount(name, desiredCount, abort) {
      if (abort.aborted) return { kind: 'retryable', error: 'AbortError', message: 'nothing was sent', unknown: false };
      const plant = plants.get(keyOf(name));
      if (plant === undefined) {
        return { kind: 'refused', error: 'ServiceNotFoundException', message: 'Service not found.' };
      }
      if (!Number.isInteger(desiredCount) || desiredCount < 0) {
        return { kind: 'refused', error: 'InvalidParameterException', message: 'desiredCount must not be negative.' };
      }
      plant.setDesiredCount(desiredCount);
      return { kind: 'accepted' };
    },
  };
}

function described(plant: Plant, account: Account): DescribedService {
  const view = plant.view();
  const { status, schedulingStrategy, desired, running, pending, deployments } = view;
  const deploying = deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  return { kind: 'found', arn: arnOf(account, view), status, schedulingStrategy, desired, running, pending, deploying };
}

export function plantSignals(plants: Plants): Signals {
  return {
    async read(queries, now, abort) {
      abort.throwIfAborted();
      return queries.map((query) => readingOf(query, plants.get(keyOf(query)), now));
    },
  };
}

function readingOf(query: SignalQuery, plant: Plant | undefined, now: EpochMs): Reading {
  const { spec } = query;
  if (plant === undefined) return failed(spec, `there is no simulated service ${keyOf(query)}`);
  if (spec.source.kind === 'sqs') return queueReading(spec, spec.source, plant, now);
  const series = seriesOf(plant, spec.source);
  if (series === 'notModelled') return failed(spec, `a simulated service has no signal of kind ${spec.source.kind}`);
  // A name that nobody reports under is silence, as it is to CloudWatch.
  if (series === undefined) return { status: 'complete', periodSeconds: spec.periodSeconds, values: [] };
  return seriesReading(query, series, now);
}

function seriesReading({ spec, periods }: SignalQuery, series: PlantMetric, now: EpochMs): Reading {
  const statistic = statisticCalled(spec.stat);
  if (statistic === undefined) return failed(spec, `a simulated service has no statistic ${spec.stat}`);
  const periodMs = spec.periodSeconds * 1000;
  const end = Math.floor((now - spec.publicationDelaySeconds * 1000) / periodMs) * periodMs;
  const points = series.datapoints(end - Math.max(1, periods) * periodMs, end);
  const values: Datapoint[] = [];
  eachPeriod(points, periodMs, (startedAt, within) => {
    const value = statistic(within);
    if (value === undefined) return;
    const scaled = value * spec.scale;
    if (!spec.averagedOverTasks) values.push([startedAt, scaled]);
    else values.push([startedAt, scaled, (SAMPLE_COUNT?.(within) ?? 0) / within.length]);
  });
  return { status: 'complete', periodSeconds: spec.periodSeconds, values };
}

/** ECS puts one sample a task into each datapoint. */
const SAMPLE_COUNT = statisticCalled('SampleCount');

function seriesOf(plant: Plant, source: SignalSource): PlantMetric | 'notModelled' | undefined {
  const metrics = plant.metrics();
  if (source.kind === 'ecs') return metrics.find((one) => one.namespace === 'AWS/ECS' && one.name === source.metric);
  if (source.kind === 'alb') {
    return metrics.find((one) => one.namespace === 'AWS/ApplicationELB' && one.name === source.metric);
  }
  if (source.kind !== 'cloudwatch') return 'notModelled';
  const { namespace, metric, dimensions } = source;
  return metrics.find((one) => one.namespace === namespace && one.name === metric && same(one.dimensions, dimensions));
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** SQS itself answers for this moment and has no history: one value, for the period that has just ended. */
function queueReading(spec: SignalSpec, source: SignalSource & { kind: 'sqs' }, plant: Plant, now: EpochMs): Reading {
  const view = plant.view();
  if (view.queue === undefined || source.queue !== queueName(view)) {
    return failed(spec, `there is no simulated queue ${source.queue}`);
  }
  const { visible, inFlight } = view.queue;
  const attributes = { visible, inFlight, delayed: 0, backlog: visible + inFlight };
  const periodMs = spec.periodSeconds * 1000;
  const startedAt = Math.floor(now / periodMs) * periodMs - periodMs;
  const value = attributes[source.attribute] * spec.scale;
  return { status: 'complete', periodSeconds: spec.periodSeconds, values: [[startedAt, value]] };
}

function failed(spec: SignalSpec, cause: string): Reading {
  return { status: 'failed', periodSeconds: spec.periodSeconds, values: [], cause };
}
