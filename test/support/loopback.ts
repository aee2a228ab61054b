/** Servers that others wrote, on loopback: a port for one, and when it answers. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const READY_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 100;

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * @param isReady what its answer must be; absent: any
 * @throws Error after a minute, with what the last try met as its cause
 */
export async function answering(
  name: string,
  url: string,
  isReady: (answer: Response) => boolean = () => true,
): Promise<void> {
  const over = AbortSignal.timeout(READY_LIMIT_MS);
  let met: unknown;
  for (; !over.aborted; await wait(LOOK_EVERY_MS)) {
    try {
      const answer = await fetch(url, { signal: over });
      await answer.body?.cancel();
      if (isReady(answer)) return;
      met = new Error(`it answers with HTTP ${answer.status}`);
    } catch (refused) {
      // Nobody listens yet: asked again until the time is over.
      met = refused;
    }
  }
  throw new Error(`${name} did not answer within ${READY_LIMIT_MS / 1000} s`, { cause: met });
}

/** Rejects where its command could not be run; `mend` says what to do then. */
export async function notStarted(child: ChildProcess, name: string, mend: string): Promise<never> {
  const [error] = await once(child, 'error');
  throw new Error(`${name} did not start (${mend}): ${error.message}`, { cause: error });
}
