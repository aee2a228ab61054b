/** One policy file as plain values that know their place. Nothing is executed, no tag is followed, every loop has a limit. */
import { isScalar } from 'yaml';
import { type Anchors, offsetOf } from './nodes.ts';
import { locate, type PlaceOf, placesIn } from './places.ts';
import { type Path, type PolicyFile, type Problem, problemIn, type Source } from './problem.ts';
import { SyntaxFault, syntaxTree } from './syntax.ts';
import { valuesOf } from './values.ts';

export type ReadFile =
  | { readonly kind: 'ok'; readonly source: Source }
  | { readonly kind: 'bad'; readonly problem: Problem };

export function readFile(file: PolicyFile): ReadFile {
  const placeOf = placesIn(file.text);
  try {
    const root = syntaxTree(file.text);
    const { value, anchors } = valuesOf(root);
    return { kind: 'ok', source: sourceOf(file, value, root, anchors, placeOf) };
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return { kind: 'bad', problem: problemIn(file.name, placeOf(fault.offset), '', fault.message) };
  }
}

function sourceOf(file: PolicyFile, value: unknown, root: unknown, anchors: Anchors, placeOf: PlaceOf): Source {
  const find = (path: Path) => locate(root, path, anchors);
  return {
    file: file.name,
    value,
    place: (path) => placeOf(find(path).at),
    textAt(path, text) {
      const { node } = find(path);
      if (!isScalar(node) || node.value !== text) return undefined;
      const from = offsetOf(node) + (node.type === 'PLAIN' ? 0 : 1);
      return file.text.startsWith(text, from) ? placeOf(from) : undefined;
    },
  };
}
