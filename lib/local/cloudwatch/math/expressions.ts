/** The expressions of one `GetMetricData` request, over each other and over its metrics. */
import type { EpochMs } from '../../../policy/policy.ts';
import type { DataRequest, ExpressionDataQuery, MetricDataQuery } from '../data-request.ts';
import { validationError } from '../fields.ts';
import { evaluate } from './evaluate.ts';
import { MathFault } from './tokens.ts';
import { isArray, type Series, type Value } from './values.ts';

/** `[epoch seconds, value]`. */
type Points = readonly (readonly [number, number])[];

export class Expressions {
  readonly #request: DataRequest;
  readonly #pointsOf: (query: MetricDataQuery) => Points;
  readonly #known = new Map<string, Value | 'underway'>();

  constructor(request: DataRequest, pointsOf: (query: MetricDataQuery) => Points) {
    this.#request = request;
    this.#pointsOf = pointsOf;
  }

  /** Its series, in the order of the request. Refuses what is no time series, as CloudWatch does. */
  evaluate({ id }: ExpressionDataQuery): readonly Points[] {
    let value: Value;
    try {
      value = this.#valueOf(id);
      if (typeof value === 'number') throw new MathFault('it is a number, and a time series is needed');
    } catch (fault) {
      if (!(fault instanceof MathFault)) throw fault;
      throw validationError(`Error in expression '${id}': ${fault.message}.`);
    }
    const all = isArray(value) ? value : [value];
    return all.map((series) => this.#points(series));
  }

  #points(series: Series): Points {
    const points = [...series].sort(([a], [b]) => a - b).map(([at, value]) => [at / 1000, value] as const);
    return this.#request.ascending ? points : points.reverse();
  }

  #valueOf(id: string): Value {
    const known = this.#known.get(id);
    if (known === 'underway') throw new MathFault(`${id} leads back to itself`);
    if (known !== undefined) return known;
    const query = this.#request.queries.find((one) => one.id === id);
    if (query === undefined) throw new MathFault(`${id} is no id of this request`);
    this.#known.set(id, 'underway');
    const value = query.kind === 'metric' ? this.#metric(query) : this.#expression(query);
    this.#known.set(id, value);
    return value;
  }

  #metric(query: MetricDataQuery): Series {
    return new Map(this.#pointsOf(query).map(([seconds, value]) => [seconds * 1000, value]));
  }

  #expression(query: ExpressionDataQuery): Value {
    const metrics = this.#request.queries.filter((one) => one.kind === 'metric');
    return evaluate(query.node, {
      seriesOf: (id) => this.#valueOf(id),
      metrics: () => metrics.map((one) => [one.id, this.#metric(one)] as const),
      periods: this.#periods(Math.max(...metrics.map(({ periodSeconds }) => periodSeconds))),
    });
  }

  #periods(periodSeconds: number): readonly EpochMs[] {
    const periodMs = periodSeconds * 1000;
    const periods: EpochMs[] = [];
    const { start, end } = this.#request;
    for (let at = Math.ceil(start / periodMs) * periodMs; at < end; at += periodMs) periods.push(at);
    return periods;
  }
}
