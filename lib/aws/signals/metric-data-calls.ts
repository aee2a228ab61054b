/**
 * Queries into as few GetMetricData calls as its limits allow. CloudWatch charges for metrics, not for calls or datapoints, but calls and
 * datapoints a second are few.
 */
import type { Bundle, MetricDataCall, PlannedQuery, WantedQuery } from './metric-data-queries.ts';

/** Of GetMetricData. */
export const QUERIES_PER_CALL = 500;
/** Of GetMetricData, in one page. */
const DATAPOINTS_PER_CALL = 100_800;
/** Of the account, for windows that begin less than three hours ago; CloudWatch counts what is asked for, not what there is. */
const DATAPOINTS_PER_SECOND = 180_000;

export function packCalls(wanted: readonly WantedQuery[]): readonly MetricDataCall[] {
  const bundles = alikeTogether(bundlesOf(wanted));
  const calls: Call[] = [];
  let call = new Call();
  for (const bundle of bundles) {
    if (!call.takes(bundle)) {
      calls.push(call);
      call = new Call();
    }
    call.add(bundle);
  }
  if (call.bundles.length > 0) calls.push(call);
  return paced(calls);
}

/** A call has one window, as wide as its widest query, on the grid of its longest period. Of these there are few among very many queries. */
function alikeTogether(bundles: readonly Bundle[]): readonly Bundle[] {
  const alike: { readonly longestSeconds: number; readonly start: number; readonly own: Bundle[] }[] = [];
  let last: (typeof alike)[number] | undefined;
  for (const bundle of bundles) {
    const { longestSeconds, start } = bundle;
    if (last?.longestSeconds !== longestSeconds || last.start !== start) {
      last = alike.find((one) => one.longestSeconds === longestSeconds && one.start === start);
    }
    if (last === undefined) {
      last = { longestSeconds, start, own: [] };
      alike.push(last);
    }
    last.own.push(bundle);
  }
  return alike.sort((a, b) => a.longestSeconds - b.longestSeconds || a.start - b.start).flatMap(({ own }) => own);
}

class Call {
  readonly bundles: Bundle[] = [];
  start = Number.POSITIVE_INFINITY;
  end = Number.NEGATIVE_INFINITY;
  #count = 0;
  #perMs = 0;
  #longestMs = 1;

  takes(bundle: Bundle): boolean {
    if (this.#count === 0) return true;
    if (this.#count + bundle.queries.length > QUERIES_PER_CALL) return false;
    const length = Math.max(this.end, bundle.end) - this.#startWith(bundle);
    return length * (this.#perMs + perMs(bundle)) <= DATAPOINTS_PER_CALL;
  }

  add(bundle: Bundle): void {
    this.start = this.#startWith(bundle);
    this.end = Math.max(this.end, bundle.end);
    this.bundles.push(bundle);
    this.#count += bundle.queries.length;
    this.#perMs += perMs(bundle);
    this.#longestMs = Math.max(this.#longestMs, bundle.longestSeconds * 1000);
  }

  datapoints(): number {
    return Math.ceil((this.end - this.start) * this.#perMs);
  }

  /** On the grid of the longest period: from a later start CloudWatch leaves that period out. */
  #startWith(bundle: Bundle): number {
    const gridMs = Math.max(this.#longestMs, bundle.longestSeconds * 1000);
    return Math.floor(Math.min(this.start, bundle.start) / gridMs) * gridMs;
  }
}

/** Datapoints for each millisecond of the window. */
function perMs({ queries }: Bundle): number {
  let sum = 0;
  for (const { periodSeconds } of queries) sum += 1 / (periodSeconds * 1000);
  return sum;
}

function paced(calls: readonly Call[]): MetricDataCall[] {
  let before = 0;
  return calls.map((call) => {
    before += call.datapoints();
    const waitMs = Math.max(0, Math.ceil(before / DATAPOINTS_PER_SECOND) - 1) * 1000;
    return { start: call.start, end: call.end, waitMs, bundles: call.bundles.map(({ queries }) => queries) };
  });
}

function bundlesOf(wanted: readonly WantedQuery[]): Bundle[] {
  const heads = headsOf(wanted);
  if (heads.size === 0) return [...wanted];
  const bound = new Map<string, MutableBundle>();
  const bundles: Bundle[] = [];
  for (const one of wanted) {
    if (!heads.has(one.query.id)) {
      bundles.push(one);
      continue;
    }
    const head = headOf(heads, one.query.id);
    const known = bound.get(head);
    if (known === undefined) bound.set(head, { ...one, queries: [one.query] });
    else join(known, one);
  }
  return [...bundles, ...bound.values()];
}

interface MutableBundle {
  readonly queries: PlannedQuery[];
  start: number;
  end: number;
  longestSeconds: number;
}

function join(known: MutableBundle, other: Bundle): void {
  known.queries.push(...other.queries);
  known.start = Math.min(known.start, other.start);
  known.end = Math.max(known.end, other.end);
  known.longestSeconds = Math.max(known.longestSeconds, other.longestSeconds);
}

/** Who stands for whom: an expression and the queries it uses have one head. Holds only what is bound to something. */
function headsOf(wanted: readonly WantedQuery[]): Map<string, string> {
  const heads = new Map<string, string>();
  for (const { query } of wanted) {
    if (query.kind !== 'expression') continue;
    heads.set(query.id, query.id);
    for (const used of query.uses) heads.set(headOf(heads, used), query.id);
  }
  return heads;
}

function headOf(heads: ReadonlyMap<string, string>, id: string): string {
  let head = id;
  for (let above = heads.get(head); above !== undefined && above !== head; above = heads.get(head)) head = above;
  return head;
}
