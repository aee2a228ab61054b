/** Work that Ctrl-C ends at once and in order: threads are stopped, the terminal is left as it was. */

export class Interrupted extends Error {}

/** Rejects with `Interrupted` after Ctrl-C. */
export async function interrupted<T>(work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Interrupted('Stopped by Ctrl-C; nothing was written.'));
  process.once('SIGINT', stop);
  try {
    return await work(interrupt.signal);
  } finally {
    process.removeListener('SIGINT', stop);
  }
}
