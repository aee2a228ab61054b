/** One call to AWS: bounded in time, ended by the tick's abort signal, and its failure in one clause. */

/**
 * Runs `call` with a signal that fires with `abort` or after `limitMs`, whichever is first, and ends at that moment whatever the
 * client still waits for: an answer, credentials, or its next attempt. Rejects with the abort's reason or a `TimeoutError`.
 */
export async function limited<T>(
  limitMs: number,
  abort: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  abort.throwIfAborted();
  // Not AbortSignal.any: a composite signal that has a listener is kept for ever if it never fires.
  const ending = new AbortController();
  const forward = () => ending.abort(abort.reason);
  abort.addEventListener('abort', forward, { once: true });
  const timer = setTimeout(() => ending.abort(timeoutError(limitMs)), limitMs);
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason), { once: true });
  });
  try {
    return await Promise.race([call(ending.signal), ended]);
  } finally {
    clearTimeout(timer);
    abort.removeEventListener('abort', forward);
  }
}

function timeoutError(limitMs: number): Error {
  return Object.assign(new Error(`no answer within ${limitMs} ms`), { name: 'TimeoutError' });
}

/** What AWS or the network said, for an operator: `ThrottlingException: Rate exceeded`. */
export function clauseOf(error: unknown): string {
  const message = messageOf(error);
  return message === '' ? nameOf(error) : `${nameOf(error)}: ${message}`;
}

export function nameOf(error: unknown): string {
  return textIn(error, 'name') ?? 'Error';
}

export function messageOf(error: unknown): string {
  return textIn(error, 'message') ?? String(error);
}

/** By shape: what an abort throws is no `Error` of this realm everywhere. */
function textIn(error: unknown, field: 'name' | 'message'): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const text: unknown = Reflect.get(error, field);
  return typeof text === 'string' ? text : undefined;
}

/** The status of AWS's answer; undefined where no answer came, or none that could be read. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
