/** A real Prometheus on loopback that scrapes an exporter of ours, for as long as a story lasts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answering, freePort, notStarted } from '../support/loopback.ts';

/** Seconds between two scrapes. */
export const SCRAPE_SECONDS = 1;
const UNTIL_LIMIT_MS = 60_000;

export interface Exporter {
  /** What the next scrapes find, in the text format; null: the exporter is down. */
  show(text: () => string | null): void;
}

export interface RealPrometheus extends Exporter {
  readonly url: string;
  /** Resolves when an instant query answers as `enough` wants; rejects after a minute. */
  until(query: string, enough: (values: readonly number[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** The Debian package's, or `$PROMETHEUS`. */
const BINARY = process.env.PROMETHEUS ?? '/usr/bin/prometheus';

export async function startPrometheus(): Promise<RealPrometheus> {
  let text: () => string | null = () => '';
  const exporter = createServer((_, response) => {
    const shown = text();
    if (shown === null) response.destroy();
    else response.setHeader('content-type', 'text/plain; version=0.0.4').end(shown);
  });
  const target = await portOf(exporter);
  const folder = await mkdtemp(join(tmpdir(), 'schmitt-prometheus-'));
  const config = `global: { scrape_interval: ${SCRAPE_SECONDS}s }
scrape_configs: [{ job_name: app, static_configs: [{ targets: ['127.0.0.1:${target}'] }] }]
`;
  await writeFile(join(folder, 'prometheus.yml'), config);
  const port = await freePort();
  const child = spawn(
    BINARY,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const url = `http://127.0.0.1:${port}`;
  const ready = answering('Prometheus', `${url}/-/ready`, ({ ok }) => ok);
  await Promise.race([ready, notStarted(child, 'Prometheus', 'apt-get install prometheus')]);
  return {
    url,
    show: (shown) => {
      text = shown;
    },
    until: (query, enough) => until(url, query, enough),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      exporter.closeAllConnections();
      exporter.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function until(url: string, query: string, enough: (values: readonly number[]) => boolean): Promise<void> {
  for (const limit = Date.now() + UNTIL_LIMIT_MS; Date.now() < limit; await wait(100)) {
    const signal = AbortSignal.timeout(UNTIL_LIMIT_MS);
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`, { signal });
    const { data } = (await answer.json()) as { data: { result: readonly { value: [number, string] }[] } };
    if (enough(data.result.map(({ value }) => Number(value[1])))) return;
  }
  throw new Error(`${query} was not what it should be within ${UNTIL_LIMIT_MS / 1000} s`);
}
