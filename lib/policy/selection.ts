/** Which services a set of policies is for: by name, by tags, less what `allow` and `deny` take out. */
import type { PolicySet, ServiceName, ServicePolicy } from './policy.ts';
import { nameText } from './service-name.ts';

/** A service that carries the tags of `set.tagged[tagged]`. */
export interface TaggedService extends ServiceName {
  readonly tagged: number;
}

/**
 * The services to serve, each once: those that are named come first, and of several tagged policies that find a service the first one in
 * the documents holds.
 */
export function selectedServices(set: PolicySet, found: readonly TaggedService[]): readonly ServicePolicy[] {
  const byName = new Map<string, ServicePolicy>();
  for (const policy of set.services) byName.set(nameText(policy), policy);
  for (const { cluster, service, tagged } of [...found].sort((a, b) => a.tagged - b.tagged)) {
    const policy = set.tagged[tagged]?.policy;
    const name = nameText({ cluster, service });
    if (policy !== undefined && !byName.has(name)) byName.set(name, { ...policy, cluster, service });
  }
  return [...byName].filter(([name]) => isAllowed(set, name)).map(([, policy]) => policy);
}

/** Matches `allow`, or that is empty; and matches no `deny`. */
export function isAllowed({ allow, deny }: Pick<PolicySet, 'allow' | 'deny'>, name: string): boolean {
  if (deny.some((pattern) => matches(pattern, name))) return false;
  return allow.length === 0 || allow.some((pattern) => matches(pattern, name));
}

/** `*` stands for any text. Piece by piece, so that no pattern is slow. */
export function matches(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', last = ''] = [pieces[0], pieces[pieces.length - 1]];
  if (pieces.length === 1) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > name.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}
