/** Moments as an operator types them. */
import { BadInput } from '../policy/bad-input.ts';
import { instantOf } from '../policy/document/units.ts';
import type { EpochMs } from '../policy/policy.ts';

/** A time without its zone is another moment on another machine; a day alone begins in UTC. */
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** @param option as in `--until`. Throws `BadInput`. */
export function instantArgument(option: string, text: string): EpochMs {
  const at = INSTANT.test(text) ? instantOf(text) : undefined;
  if (at !== undefined) return at;
  throw new BadInput(`${option} is '${text}'; give an ISO time with its zone, as in 2026-11-18T14:05:00Z.`);
}
