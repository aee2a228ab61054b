/** Emulators that others wrote, each on loopback for as long as the stories last. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { answering, freePort, notStarted } from '../support/loopback.ts';
import { installed } from './installed.ts';

export interface Emulator {
  readonly name: string;
  readonly endpoint: string;
  stop(): Promise<void>;
}

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
  const endpoint = `http://127.0.0.1:${port}`;
  await Promise.race([answering(name, endpoint), notStarted(child, name, 'see requirements.txt')]);
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
