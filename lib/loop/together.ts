/** Calls side by side. */

/**
 * Waits for all of them, also where one fails: what is left behind would wake up in a later invocation, when its time is long over.
 * Throws the fault of the first in the order given.
 */
export async function together<const T extends readonly unknown[]>(
  ...calls: T
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return (await Promise.all(calls)) as { readonly [K in keyof T]: Awaited<T[K]> };
  } catch {
    const ended = await Promise.allSettled(calls);
    throw ended.find((one) => one.status === 'rejected')?.reason;
  }
}
