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

/** A metric, whatever statistic of it. */
export type MetricName = Pick<MetricQuery, 'namespace' | 'metric' | 'dimensions'>;

export class Wanted {
  readonly #series = new SeriesTree();
  readonly #expressions = new Map<string, MutableWanted>();
  readonly #all: MutableWanted[] = [];

  /** The id of the query, new or known; its window is widened to hold this one. */
  metric(name: MetricName, stat: string, periodSeconds: number, window: Window): string {
    const series = this.#series.of(name);
    for (let one = series.first; one !== undefined; one = one.next) {
      if (one.longestSeconds === periodSeconds && one.query.stat === stat) return widened(one, window);
    }
    const { namespace, metric, dimensions } = name;
    const query: MetricQuery = {
      ...{ kind: 'metric', id: `q${this.#all.length}`, namespace, metric, dimensions, stat, periodSeconds },
    };
    const { start, end } = window;
    const made = { query, queries: [query], start, end, longestSeconds: periodSeconds, next: series.first };
    series.first = made;
    this.#all.push(made);
    return query.id;
  }

  /** `uses` are ids of this read; their windows are widened to hold this one, because a call has one window. */
  expression(expression: string, uses: readonly string[], periodSeconds: number, window: Window): string {
    for (const id of uses) {
      const used = this.#all[Number(id.slice(1))];
      if (used !== undefined) widened(used, window);
    }
    const key = `${periodSeconds} =\n${expression}`;
    const known = this.#expressions.get(key);
    if (known !== undefined) return widened(known, window);
    const query: ExpressionQuery = { kind: 'expression', id: `q${this.#all.length}`, expression, uses, periodSeconds };
    const made = { query, queries: [query], start: window.start, end: window.end, longestSeconds: periodSeconds };
    this.#expressions.set(key, made);
    this.#all.push(made);
    return query.id;
  }

  queries(): readonly WantedQuery[] {
    return this.#all;
  }
}

interface MutableWanted extends WantedQuery {
  start: number;
  end: number;
}

interface WantedStatistic extends MutableWanted {
  readonly query: MetricQuery;
  /** Another statistic of the same metric: they are few. */
  readonly next: WantedStatistic | undefined;
}

/** What is wanted of each metric, by namespace, name, and the names and values of its dimensions: no text is put together to find it. */
class SeriesTree {
  readonly #root = new SeriesNode();

  of({ namespace, metric, dimensions }: MetricName): SeriesNode {
    let node = this.#root.below(namespace).below(metric);
    for (const { name, value } of dimensions) node = node.below(name).below(value);
    return node;
  }
}

class SeriesNode {
  first: WantedStatistic | undefined;
  #below: Map<string, SeriesNode> | undefined;

  below(word: string): SeriesNode {
    this.#below ??= new Map();
    const known = this.#below.get(word);
    if (known !== undefined) return known;
    const made = new SeriesNode();
    this.#below.set(word, made);
    return made;
  }
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
