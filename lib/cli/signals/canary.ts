/** Two signals of one service that should say the same, compared over the last periods of both. */
import { type Agreement, agreementOf } from '../../aws/signals/canary.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { Reading } from '../../policy/observation.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { queriesOf } from './inspect.ts';
import type { Inspector } from './inspector.ts';
import { listed } from './listed.ts';

export interface Canary {
  readonly signal: string;
  readonly trusted: string;
}

export interface CanaryResult extends Canary {
  readonly agreement: Agreement;
}

const PERIODS = 15;

/**
 * `signal=trusted` each; none: every signal of a Prometheus with the one that the policy uses in its place. Throws `BadInput`.
 */
export function canariesOf({ signals }: ServicePolicy, pairs: readonly string[]): readonly Canary[] {
  if (pairs.length > 0) return pairs.map((pair) => canaryOf(pair, Object.keys(signals)));
  const found = Object.entries(signals).flatMap(([signal, { source, whenMissing }]): Canary[] =>
    source.kind === 'promql' && whenMissing.kind === 'use' ? [{ signal, trusted: whenMissing.signal }] : [],
  );
  if (found.length > 0) return found;
  throw new BadInput(
    '--canary: no signal of a Prometheus has another in its place (whenMissing: { use: … }); write --canary signal=trusted.',
  );
}

function canaryOf(pair: string, names: readonly string[]): Canary {
  const [signal = '', trusted = '', ...more] = pair.split('=');
  const stranger = [signal, trusted].find((name) => !names.includes(name));
  if (more.length === 0 && stranger === undefined && signal !== trusted) return { signal, trusted };
  const fault = stranger === undefined || stranger === '' ? 'it is no pair' : `there is no signal ${stranger}`;
  throw new BadInput(`--canary ${pair}: ${fault}; write signal=trusted, of ${listed(names)}.`);
}

/** @param tolerance share of the trusted value by which the other may differ */
export async function askCanaries(
  inspector: Inspector,
  policy: ServicePolicy,
  canaries: readonly Canary[],
  tolerance: number,
): Promise<readonly CanaryResult[]> {
  const names = Object.keys(policy.signals);
  const queries = await queriesOf(inspector, policy, Object.fromEntries(names.map((name) => [name, PERIODS])));
  const { readings } = await inspector.signals.read(queries, inspector.clock.now(), inspector.abort);
  const readingOf = (name: string): Reading => readings[queries.findIndex((query) => query.name === name)] ?? NOT_READ;
  return canaries.map((canary) => {
    const agreement = agreementOf(readingOf(canary.signal), readingOf(canary.trusted), tolerance);
    return { ...canary, agreement };
  });
}

const NOT_READ: Reading = {
  status: 'failed',
  periodSeconds: 60,
  values: [],
  cause: 'it is pushed, and nobody reads it',
};
