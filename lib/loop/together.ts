/** Calls side by side. */

/**
 * Waits for all of them, also where one fails: what is left behind would wake up in a later invocation, when its time is long over.
 * Throws the fault of the first in the order given.
 */
export function together<const T extends readonly unknown[]>(
  ...calls: T
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  return new Promise((resolve, reject) => {
    const values: unknown[] = [];
    // One more than there are calls, so that none at all ends as well.
    let left = calls.length + 1;
    let failed: { readonly at: number; readonly fault: unknown } | undefined;
    const end = () => {
      if (--left > 0) return;
      if (failed === undefined) resolve(values as { readonly [K in keyof T]: Awaited<T[K]> });
      else reject(failed.fault);
    };
    for (let at = 0; at < calls.length; at++) {
      const took = (value: unknown) => {
        values[at] = value;
        end();
      };
      const failedWith = (fault: unknown) => {
        if (failed === undefined || at < failed.at) failed = { at, fault };
        end();
      };
      Promise.resolve(calls[at]).then(took, failedWith);
    }
    end();
  });
}
