/** Stored parts of the breakers, and what else a shard remembers as a whole. */
import type { Breaker } from '../policy/breaker.ts';
import { type Check, check, fields, isNumber, isRecord, number, optionalNumber, text } from './checks.ts';
import type { ShardMemory } from './ports.ts';
import type { ShardBreaker } from './shard-breaker.ts';

export const BREAKER: Readonly<Record<keyof Breaker, Check>> = {
  failures: number,
  at: number,
  what: text,
  openUntil: optionalNumber,
  backOffSeconds: optionalNumber,
};

const SHARD_BREAKER: Readonly<Record<keyof ShardBreaker, Check>> = {
  ...BREAKER,
  of: check((value) => value === 'reads' || value === 'changes', "'reads' or 'changes'"),
};

/** A budget that cannot be read is a full one, since it only paces; a breaker that cannot be read is closed, and opens again where it must. */
export function shardMemory(value: unknown): ShardMemory | undefined {
  if (!isRecord(value)) return undefined;
  const { updates, breaker } = value;
  const budget = isRecord(updates) && isNumber(updates.tokens) && isNumber(updates.at) ? updates : undefined;
  const isBreaker = fields('breaker', breaker, SHARD_BREAKER) === undefined;
  if (budget === undefined && !isBreaker) return undefined;
  return {
    ...(budget === undefined ? {} : { updates: { tokens: Number(budget.tokens), at: Number(budget.at) } }),
    ...(isBreaker ? { breaker: breaker as ShardBreaker } : {}),
  };
}
