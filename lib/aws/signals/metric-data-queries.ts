/** The queries of GetMetricData that a read wants: each metric statistic once, however many signals read it. */
import type { Window } from './window.ts';

/** One metric statistic. */
export interface MetricQuery {
  readonly kind: 'metric';
  /** Unique in the plan. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  /** Sorted by name. */
  readonly dimensions: readonly Dimension[];
  readonly stat: string;
  readonly periodSeconds: number;
}

/** Metric math over other queries of the same call, by their ids. */
export interface ExpressionQuery {
  readonly kind: 'expression';
  readonly id: string;
  readonly expression: string;
  readonly uses: readonly string[];
  readonly periodSeconds: number;
}

export type PlannedQuery = MetricQuery | ExpressionQuery;

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** A metric statistic before it has an id. */
export type Metric = Omit<MetricQuery, 'id' | 'kind'>;

/** One GetMetricData call. End exclusive. */
export interface MetricDataCall extends Window {
  /** Not before so many milliseconds after the first call: the account's datapoints a second. */
  readonly waitMs: number;
  /** Queries that need each other stand together; a call can be halved between two bundles. */
  readonly bundles: readonly (readonly PlannedQuery[])[];
}

/** Queries that must travel together, with the window that holds them all. */
export interface Bundle extends Window {
  readonly queries: readonly PlannedQuery[];
  readonly longestSeconds: number;
}

/** One query by itself: with those it is bound to, packing makes a bundle of it. */
export interface WantedQuery extends Bundle {
  readonly query: PlannedQuery;
}

export class Wanted {
  readonly #byKey = new Map<string, MutableWanted>();
  readonly #all: MutableWanted[] = [];

  /** The id of the query, new or known; its window is widened to hold this one. */
  metric(metric: Metric, window: Window): string {
    const { namespace, metric: name, dimensions, stat, periodSeconds } = metric;
    const key = keyOf(metric);
    const known = this.#byKey.get(key);
    if (known !== undefined) return widened(known, window);
    const id = this.#nextId();
    return this.#add(key, { kind: 'metric', id, namespace, metric: name, dimensions, stat, periodSeconds }, window);
  }

  /** `uses` are ids of this read; their windows are widened to hold this one, because a call has one window. */
  expression(expression: string, uses: readonly string[], periodSeconds: number, window: Window): string {
    for (const id of uses) {
      const used = this.#all[Number(id.slice(1))];
      if (used !== undefined) widened(used, window);
    }
    const key = `${periodSeconds} =\n${expression}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return widened(known, window);
    return this.#add(key, { kind: 'expression', id: this.#nextId(), expression, uses, periodSeconds }, window);
  }

  queries(): readonly WantedQuery[] {
    return this.#all;
  }

  #nextId(): string {
    return `q${this.#all.length}`;
  }

  #add(key: string, query: PlannedQuery, { start, end }: Window): string {
    const wanted = { query, queries: [query], start, end, longestSeconds: query.periodSeconds };
    this.#byKey.set(key, wanted);
    this.#all.push(wanted);
    return query.id;
  }
}

interface MutableWanted extends WantedQuery {
  start: number;
  end: number;
}

function widened(known: MutableWanted, { start, end }: Window): string {
  known.start = Math.min(known.start, start);
  known.end = Math.max(known.end, end);
  return known.query.id;
}

/** Sorted by name, so that the order in which a policy writes them makes no second query. */
export function dimensionsOf(dimensions: Readonly<Record<string, string>>): readonly Dimension[] {
  const pairs = Object.keys(dimensions).map((name) => ({ name, value: dimensions[name] ?? '' }));
  return pairs.length < 2 ? pairs : pairs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** No name and no value of CloudWatch's holds a line break. */
function keyOf({ namespace, metric, dimensions, stat, periodSeconds }: Metric): string {
  let key = `${periodSeconds} ${stat}\n${namespace}\n${metric}`;
  for (const { name, value } of dimensions) key += `\n${name}\n${value}`;
  return key;
}
