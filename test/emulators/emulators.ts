/** Emulators that others wrote, each on loopback for as long as the stories last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installed } from './installed.ts';

export interface Emulator {
  readonly name: string;
  readonly endpoint: string;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;

export const START: Readonly<Record<string, () => Promise<Emulator>>> = {
  moto: async () => {
    const port = await freePort();
    return started('moto', port, 'moto_server', ['-H', '127.0.0.1', '-p', String(port)], {});
  },
  ministack: async () => {
    const port = await freePort();
    const settings = { BIND_HOST: '127.0.0.1', SFTP_ENABLED: '0', IOT_MTLS_ENABLED: '0', LAMBDA_EXECUTOR: 'local' };
    return started('ministack', port, 'ministack', [], { ...settings, GATEWAY_PORT: String(port) });
  },
};

async function started(
  name: string,
  port: number,
  command: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Emulator> {
  const child = spawn(join(installed(), command), args, { stdio: 'ignore', env: { ...process.env, ...settings } });
  const missing = once(child, 'error').then(([error]) => {
    throw new Error(`${name} did not start (see requirements.txt): ${error.message}`, { cause: error });
  });
  missing.catch(() => undefined);
  const endpoint = `http://127.0.0.1:${port}`;
  await Promise.race([answering(name, endpoint), missing]);
  return {
    name,
    endpoint,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export async function answering(name: string, endpoint: string): Promise<void> {
  for (const limit = Date.now() + READY_LIMIT_MS; Date.now() < limit; await wait(200)) {
    const answer = await fetch(endpoint).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return;
  }
  throw new Error(`${name} did not answer within ${READY_LIMIT_MS / 1000} s`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
