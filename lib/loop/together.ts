/** Calls side by side. */

/**
 * Waits for all of them, also where one fails: what is left behind would wake up in a later invocation, when its time is long over.
 * Throws the fault of the first in the order given.
 */
export function together<const T extends readonly unknown[]>(...calls: T): Promise<Values<T>> {
  return new Promise((resolve) => {
    const values: unknown[] = [];
    // One more than there are calls, so that none at all ends as well.
    let left = calls.length + 1;
    let failed = false;
    const end = () => {
      // All of them have ended by then, so that the first rejection is that of the first in the order given.
      if (--left === 0) resolve((failed ? Promise.all(calls) : values) as Values<T>);
    };
    const fail = () => {
      failed = true;
      end();
    };
    for (let at = 0; at < calls.length; at++) {
      const take = (value: unknown) => {
        values[at] = value;
        end();
      };
      Promise.resolve(calls[at]).then(take, fail);
    }
    end();
  });
}

type Values<T extends readonly unknown[]> = { readonly [K in keyof T]: Awaited<T[K]> };
