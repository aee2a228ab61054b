/** A fast-failing outage looks calm: where a policy reads a share of failed requests, that share forbids scaling in, asked or not. */
import type { SignalSpec } from '../policy.ts';
import { namesIn } from '../used-signals.ts';
import { DEFAULTS } from './defaults.ts';

/** Requests that the service failed, or connections that it refused; what the caller did wrong (4XX) is no failure. */
const FAILED = /5XX|ConnectionError/;

/**
 * What the document wrote, and `errors > 5` for each share of failed requests that none of its conditions names: naming one is having the
 * last word on it. Without a word on silence (`whenMissing`) no condition is added: a load balancer counts no errors where there are none,
 * and an unknown share would forbid scaling in for as long as all is well.
 */
export function withErrorGuards(
  holdInWhile: readonly string[],
  signals: Readonly<Record<string, SignalSpec>>,
): readonly string[] {
  const named = new Set(holdInWhile.flatMap(namesIn));
  const shares = Object.keys(signals).filter((name) => isErrorShare(signals[name]) && !named.has(name));
  return [...holdInWhile, ...shares.sort().map((name) => `${name} > ${DEFAULTS.errorShareHoldsAbovePercent}`)];
}

function isErrorShare(spec: SignalSpec | undefined): boolean {
  if (spec?.source.kind !== 'share' || spec.whenMissing.kind === 'unknown') return false;
  const { part } = spec.source;
  return (part.kind === 'alb' || part.kind === 'cloudwatch') && FAILED.test(part.metric);
}
