/** Where the values of a syntax tree stand. Asked for problems only, so nothing is kept for values that are well. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { type Anchors, isMergeKey, offsetOf } from './nodes.ts';
import type { Path, Place } from './problem.ts';

export interface Found {
  readonly node: unknown;
  /** Where the key or the item stands. */
  readonly at: number;
}

/** The value at `path`, or the last one on the way to it. */
export function locate(root: unknown, path: Path, anchors: Anchors): Found {
  let found: Found = { node: root, at: offsetOf(root) };
  for (const step of path) {
    const next = child(found.node, step, anchors);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

function child(parent: unknown, step: string | number, anchors: Anchors): Found | undefined {
  const node = isAlias(parent) ? anchors.get(parent.source) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item, at: offsetOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  if (pair !== undefined) return { node: pair.value, at: offsetOf(pair.key) };
  const bases = node.items.filter(isMergeKey).flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  return bases.map((base) => child(base, step, anchors)).find((inherited) => inherited !== undefined);
}

export type PlaceOf = (offset: number) => Place;

export function placesIn(text: string): PlaceOf {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
