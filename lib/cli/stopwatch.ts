/** How long the handler waits for AWS: real time while at least one call of a port is under way. */

export interface Stopwatch {
  /** The same port; its calls are timed. */
  timed<Port extends object>(port: Port): Port;
  /** Milliseconds since it was last asked. */
  lap(): number;
}

export function createStopwatch(): Stopwatch {
  let underWay = 0;
  let since = 0;
  let total = 0;

  function enter(): void {
    if (underWay === 0) since = performance.now();
    underWay += 1;
  }

  function leave(): void {
    underWay -= 1;
    if (underWay === 0) total += performance.now() - since;
  }

  return {
    timed: (port) =>
      new Proxy(port, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof member !== 'function') return member;
          return async (...args: readonly unknown[]) => {
            enter();
            try {
              return await member.apply(target, args);
            } finally {
              leave();
            }
          };
        },
      }),
    lap() {
      const lap = total;
      total = 0;
      return lap;
    },
  };
}
