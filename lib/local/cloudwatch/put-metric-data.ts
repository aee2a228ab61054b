/** `PutMetricData`: what a workload says of itself, in any namespace that is not AWS's own. Seen at once; kept for three hours. */
import type { EpochMs } from '../../policy/policy.ts';
import type { PlantDatapoint } from '../../sim/types.ts';
import { asObject, integer, type JsonObject, list, number, numbers, object, text } from '../json-input.ts';
import { keyOf, type Metric } from './catalogue.ts';
import { dimensionsOf, invalidValue, missing, requiredText, validationError } from './fields.ts';

const DATA_MOST = 1000;
const VALUES_MOST = 150;
const KEPT_MS = 3 * 3_600_000;

interface PutMetric extends Metric {
  points: PlantDatapoint[];
}

export class PutMetrics {
  readonly metrics = new Map<string, PutMetric>();

  put(input: JsonObject, now: EpochMs): object {
    const namespace = requiredText(input, 'Namespace');
    if (namespace.startsWith('AWS/')) throw invalidValue(namespace, 'Namespace');
    const data = (list(input, 'MetricData') ?? []).map((one, i) => asObject(one, `MetricData.member.${i + 1}`));
    if (data.length === 0) throw missing('MetricData');
    if (data.length > DATA_MOST) {
      throw validationError(`The collection MetricData must not have a size greater than ${DATA_MOST}.`);
    }
    const points = data.map((datum, i) => readPoint(datum, `MetricData.member.${i + 1}`, now));
    for (const [i, datum] of data.entries()) {
      const point = points[i];
      if (point !== undefined) this.#add(namespace, datum, point, now);
    }
    return {};
  }

  #add(namespace: string, datum: JsonObject, point: PlantDatapoint, now: EpochMs): void {
    const name = { namespace, name: requiredText(datum, 'MetricName'), dimensions: dimensionsOf(datum) };
    const key = keyOf(name);
    const metric = this.metrics.get(key) ?? newMetric(name, text(datum, 'Unit'));
    this.metrics.set(key, metric);
    const later = metric.points.findLastIndex(({ startedAt }) => startedAt <= point.startedAt) + 1;
    metric.points.splice(later, 0, point);
    metric.points = metric.points.filter(({ startedAt }) => startedAt > now - KEPT_MS);
  }
}

function newMetric(name: Pick<Metric, 'namespace' | 'name' | 'dimensions'>, unit: string | undefined): PutMetric {
  return {
    ...name,
    unit,
    points: [],
    visible(from, to) {
      return this.points.filter(({ startedAt }) => startedAt >= from && startedAt < to);
    },
  };
}

function readPoint(datum: JsonObject, path: string, now: EpochMs): PlantDatapoint {
  requiredText(datum, 'MetricName', `${path}.MetricName`);
  const resolutionMs = (integer(datum, 'StorageResolution') ?? 60) * 1000;
  if (resolutionMs !== 1000 && resolutionMs !== 60_000) {
    throw invalidValue(String(resolutionMs / 1000), `${path}.StorageResolution`);
  }
  const at = (number(datum, 'Timestamp') ?? now / 1000) * 1000;
  const startedAt = Math.floor(at / resolutionMs) * resolutionMs;
  return { startedAt, visibleAt: startedAt, ...readValues(datum, path) };
}

type Samples = Omit<PlantDatapoint, 'startedAt' | 'visibleAt'>;

function readValues(datum: JsonObject, path: string): Samples {
  const set = object(datum, 'StatisticValues');
  if (set !== undefined) {
    const [sum, count, min, max] = ['Sum', 'SampleCount', 'Minimum', 'Maximum'].map((field) => number(set, field));
    if (sum === undefined || count === undefined || min === undefined || max === undefined) {
      throw missing(`${path}.StatisticValues`);
    }
    return { sum, count, min, max };
  }
  const single = number(datum, 'Value');
  const distinct = single === undefined ? numbers(datum, 'Values') : [single];
  if (distinct === undefined || distinct.length === 0) throw missing(`${path}.Value`);
  if (distinct.length > VALUES_MOST) throw validationError(`${path}.Values can have at most ${VALUES_MOST} items.`);
  const counts = numbers(datum, 'Counts') ?? distinct.map(() => 1);
  if (counts.length !== distinct.length) throw validationError(`${path}.Counts must be as long as Values.`);
  const sum = distinct.reduce((total, value, i) => total + value * (counts[i] ?? 1), 0);
  const count = counts.reduce((total, one) => total + one, 0);
  const values = distinct.flatMap((value, i) => new Array<number>(Math.max(0, Math.round(counts[i] ?? 1))).fill(value));
  return { sum, count, min: Math.min(...distinct), max: Math.max(...distinct), values };
}
