/**
 * Many services' PromQL in one range query: each expression gets a label that says whose it is, and `or` puts them side by side. With each
 * value comes the time of the newest sample behind it.
 */
import type { EpochMs } from '../../../policy/policy.ts';
import type { Window } from '../window.ts';

/** One expression of a request. Its answer has one series, labelled with the id. */
export interface PromqlPart {
  readonly id: string;
  readonly expression: string;
}

/** What one signal needs: its value and the age of each selector in it. */
export interface PromqlBundle {
  readonly value: PromqlPart;
  readonly ages: readonly PromqlPart[];
}

/** One `query_range` call. The periods end at `start` + step, …, `end`. */
export interface PromqlCall extends Window {
  readonly from: string;
  readonly stepSeconds: number;
  readonly bundles: readonly PromqlBundle[];
}

/** Marks whose series it is. */
export const PART_LABEL = 'schmitt_part';
/** CloudWatch cuts a reply there, with HTTP 200. */
export const SERIES_PER_REPLY = 500;
/** Room for a query that answers with more series than it should, so that it is noticed and not cut. */
const PARTS_PER_CALL = 400;
const CHARACTERS_PER_CALL = 64_000;

export class WantedPromql {
  readonly #parts = new Map<string, PromqlPart>();
  readonly #groups = new Map<string, Group>();

  /** Ids of the value and of its ages; the same expression is asked once. */
  want(from: string, expression: string, selectors: readonly string[], stepSeconds: number, window: Window) {
    const value = this.#part(from, stepSeconds, expression);
    const ages = [...new Set(selectors)].map((one) => this.#part(from, stepSeconds, `max(timestamp(${one}))`));
    const key = `${from} ${stepSeconds}`;
    const group = this.#groups.get(key) ?? { from, stepSeconds, ...window, bundles: new Map() };
    group.start = Math.min(group.start, window.start);
    group.end = Math.max(group.end, window.end);
    group.bundles.set(value.id, { value, ages });
    this.#groups.set(key, group);
    return { id: value.id, ageIds: ages.map(({ id }) => id) };
  }

  calls(): readonly PromqlCall[] {
    return [...this.#groups.values()].flatMap(callsOf);
  }

  #part(from: string, stepSeconds: number, expression: string): PromqlPart {
    const key = `${from} ${stepSeconds} ${expression}`;
    const known = this.#parts.get(key) ?? { id: `p${this.#parts.size}`, expression };
    this.#parts.set(key, known);
    return known;
  }
}

interface Group {
  readonly from: string;
  readonly stepSeconds: number;
  start: EpochMs;
  end: EpochMs;
  readonly bundles: Map<string, PromqlBundle>;
}

function callsOf({ from, stepSeconds, start, end, bundles }: Group): PromqlCall[] {
  const calls: PromqlBundle[][] = [];
  let parts = new Set<string>();
  let characters = 0;
  for (const bundle of bundles.values()) {
    const fresh = [bundle.value, ...bundle.ages].filter(({ id }) => !parts.has(id));
    const more = fresh.reduce((sum, { expression }) => sum + expression.length + 60, 0);
    const full = parts.size + fresh.length > PARTS_PER_CALL || characters + more > CHARACTERS_PER_CALL;
    if (calls.length === 0 || full) {
      calls.push([]);
      parts = new Set();
      characters = 0;
    }
    calls.at(-1)?.push(bundle);
    for (const { id } of [bundle.value, ...bundle.ages]) parts.add(id);
    characters += more;
  }
  return calls.map((one) => ({ from, stepSeconds, start, end, bundles: one }));
}

export function partsOf(bundles: readonly PromqlBundle[]): readonly PromqlPart[] {
  const parts = new Map(bundles.flatMap(({ value, ages }) => [value, ...ages]).map((part) => [part.id, part]));
  return [...parts.values()];
}

/** Each expression on lines of its own: a comment at its end must not swallow what follows. */
export function joined(parts: readonly PromqlPart[]): string {
  return parts
    .map(({ id, expression }) => `label_replace(\n${expression}\n, "${PART_LABEL}", "${id}", "", "")`)
    .join(' or ');
}
