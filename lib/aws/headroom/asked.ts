/** A question that may fail without the rest: its answer, or why there is none, as a clause. */
import { clauseOf } from '../call.ts';

export type Asked<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly cause: string };

/** Throws only the abort's reason. */
export async function asking<T>(abort: AbortSignal, ask: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { kind: 'known', value: await ask() };
  } catch (error) {
    if (abort.aborted) throw error;
    return { kind: 'unknown', cause: clauseOf(error) };
  }
}

export const unknown = (cause: string): Asked<never> => ({ kind: 'unknown', cause });
