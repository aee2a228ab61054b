/** A syntax tree as plain values: anchors followed within a limit, duplicate keys found in linear time, no tag obeyed. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { type Anchors, isMergeKey, offsetOf } from './nodes.ts';
import { plainScalar } from './plain-scalar.ts';
import { type Path, pathText } from './problem.ts';
import { LIMITS, SyntaxFault } from './syntax.ts';

interface Tree {
  /** An anchor is known after the value it names, so that no value can hold itself. */
  readonly anchors: Map<string, Node>;
  readonly path: (string | number)[];
  values: number;
}

/** Throws a `SyntaxFault` at the first key or value that cannot be read as meant. */
export function valuesOf(root: unknown): { readonly value: unknown; readonly anchors: Anchors } {
  const tree: Tree = { anchors: new Map(), path: [], values: 0 };
  return { value: convert(root, tree), anchors: tree.anchors };
}

function convert(node: unknown, tree: Tree): unknown {
  if (node === null) return null;
  const at = offsetOf(node);
  if (++tree.values > LIMITS.values)
    throw new SyntaxFault(at, `anchors unfold to more than ${LIMITS.values} values; write them out`);
  if (isAlias(node)) return convert(anchored(node.source, tree.anchors, at), tree);
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.tag !== undefined)
    throw new SyntaxFault(at, 'tags (!name) are not read; write the plain value');
  const value = isScalar(node)
    ? scalarOf(node, tree)
    : isSeq(node)
      ? listOf(node.items, tree)
      : mapOf(node as YAMLMap, tree);
  if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) remember(node.anchor, node, tree);
  return value;
}

function anchored(name: string, anchors: Tree['anchors'], at: number): Node {
  const node = anchors.get(name);
  if (node === undefined)
    throw new SyntaxFault(at, `*${name} names no anchor that ends above it; set &${name} on an earlier value`);
  return node;
}

function remember(name: string, node: Node, tree: Tree): void {
  const known = tree.anchors.get(name);
  if (known !== undefined && known !== node)
    throw new SyntaxFault(offsetOf(node), `the anchor &${name} is set twice; give the second another name`);
  tree.anchors.set(name, node);
}

function scalarOf(node: Scalar, tree: Tree): unknown {
  const text = String(node.value ?? '');
  if (node.type !== 'PLAIN') return text;
  const plain = plainScalar(text);
  if (plain.kind === 'value') return plain.value;
  throw new SyntaxFault(offsetOf(node), `${pathText(tree.path) || 'the document'} ${plain.rest}`);
}

function listOf(items: readonly unknown[], tree: Tree): unknown[] {
  return items.map((item, index) => {
    tree.path.push(index);
    const value = convert(item, tree);
    tree.path.pop();
    return value;
  });
}

function mapOf(map: YAMLMap, tree: Tree): Record<string, unknown> {
  const own = new Map<string, number>();
  const result: Record<string, unknown> = {};
  const merged: Record<string, unknown>[] = [];
  for (const pair of map.items) {
    const key = keyOf(pair, tree);
    const at = offsetOf(pair.key);
    tree.path.push(key);
    refuseKey(key, at, own.has(key), tree.path);
    own.set(key, at);
    const value = convert(pair.value, tree);
    if (isMergeKey(pair)) merged.push(...mergedMaps(value, at));
    else result[key] = value;
    tree.path.pop();
  }
  for (const other of merged)
    for (const [key, value] of Object.entries(other)) if (!Object.hasOwn(result, key)) result[key] = value;
  return result;
}

function refuseKey(key: string, at: number, twice: boolean, path: Path): void {
  if (key === '__proto__') throw new SyntaxFault(at, `${pathText(path)} is no name for a key; choose another`);
  if (twice) throw new SyntaxFault(at, `${pathText(path)} is written twice; keep one of them`);
}

function keyOf(pair: Pair, tree: Tree): string {
  const { key } = pair;
  if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined || String(key.value ?? '') === '')
    throw new SyntaxFault(
      offsetOf(key ?? pair.value),
      `a key of ${pathText(tree.path) || 'the document'} is not a plain name; write key: value`,
    );
  return String(key.value);
}

function mergedMaps(value: unknown, at: number): Record<string, unknown>[] {
  const maps = Array.isArray(value) ? value : [value];
  for (const map of maps)
    if (typeof map !== 'object' || map === null || Array.isArray(map))
      throw new SyntaxFault(at, '<< takes the alias of a map; write <<: *name');
  return maps;
}
