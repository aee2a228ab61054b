/** What reading a syntax tree and finding a place in it have in common. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

export type Anchors = ReadonlyMap<string, Node>;

/** 0 where a node has no place of its own. */
export function offsetOf(node: unknown): number {
  const range = (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) && node.range;
  return range ? range[0] : 0;
}

/** `<<: *base`: the base's keys count where the map has none of its own. */
export const isMergeKey = (pair: Pair): boolean =>
  isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.value === '<<';
