/** Stops the work a little before Lambda does. */
import type { Context } from 'aws-lambda';

/**
 * Runs `work` with a signal that is aborted `leadMs` before Lambda's time limit, and waits for it in every case.
 *
 * Why not middy's `timeoutEarlyInMillis`: it aborts its signal too, but answers Lambda in the same moment. The work then still runs
 * while Lambda freezes the sandbox, and what is left of it (giving the lease back, or worse, a change) wakes up in the next invocation.
 */
export async function withDeadline<T>(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  leadMs: number,
  work: (abort: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new Error(`The tick was stopped ${leadMs} ms before the time limit of the function.`)),
    Math.max(0, context.getRemainingTimeInMillis() - leadMs),
  );
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}
