/** A policy set as YAML with every default written out; reading it again gives the same set. */
import { Document, isMap, isSeq, visit } from 'yaml';
import type { PolicySet } from '../policy.ts';
import { plainScalar } from './plain-scalar.ts';
import { writtenOut } from './written.ts';

/** A map or list that short stands on one line. */
const LINE = 100;

export function printPolicies(set: PolicySet): string {
  // `compat` puts quotes around texts that readers of YAML 1.1 take for something else, as `off`.
  const document = new Document(writtenOut(set), { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Collection(_key, node, path) {
      if (path.length < 4) return undefined;
      node.flow = (isMap(node) || isSeq(node)) && JSON.stringify(node).length <= LINE;
      return node.flow ? visit.SKIP : undefined;
    },
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && !isReadAsItself(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Our own reader takes more spellings for numbers than `compat` knows, as `0X1F` or `0b7`. */
function isReadAsItself(text: string): boolean {
  const read = plainScalar(text);
  return read.kind === 'value' && read.value === text;
}
