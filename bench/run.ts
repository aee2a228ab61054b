/**
 * How fast a run goes: the seeded day through the real handler, the SDK and the local cloud, without waiting.
 * `npm run bench:run`, or `npm run --silent bench:run -- --json` for one JSON object. All shares come from one and the same run.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import CliTable from 'cli-table3';
import type { Watcher } from '../lib/cli/local-run.ts';
import { start } from '../lib/cli/start-command.ts';
import { parseStartOptions } from '../lib/cli/start-options.ts';

type Server = 'dynalite' | 'local cloud';

/** Real time during which the servers have requests open; shared out evenly where both have. */
function watchServers(): { readonly ms: Readonly<Record<Server, number>>; stop(): void } {
  const ms: Record<Server, number> = { dynalite: 0, 'local cloud': 0 };
  const open: Record<Server, number> = { dynalite: 0, 'local cloud': 0 };
  let since = performance.now();

  function turn(message: unknown, by: 1 | -1): void {
    const { request } = message as { readonly request: IncomingMessage };
    const now = performance.now();
    const all = open.dynalite + open['local cloud'];
    for (const server of ['dynalite', 'local cloud'] as const) {
      if (all > 0) ms[server] += ((now - since) * open[server]) / all;
    }
    since = now;
    const isDynamoDb = String(request.headers['x-amz-target']).startsWith('DynamoDB_');
    open[isDynamoDb ? 'dynalite' : 'local cloud'] += by;
  }

  const began = (message: unknown) => turn(message, 1);
  const ended = (message: unknown) => turn(message, -1);
  subscribe('http.server.request.start', began);
  subscribe('http.server.response.finish', ended);
  return {
    ms,
    stop() {
      unsubscribe('http.server.request.start', began);
      unsubscribe('http.server.response.finish', ended);
    },
  };
}

interface Measured {
  readonly simulatedHours: number;
  readonly ticks: number;
  readonly seconds: number;
  readonly hoursPerSecond: number;
  /** Of `seconds`; together 1. */
  readonly shares: Readonly<Record<string, number>>;
}

async function measure(): Promise<Measured> {
  const out = await mkdtemp(join(tmpdir(), 'schmitt-bench-'));
  const request = parseStartOptions(['--speed', 'max', '--out', out]);
  if (request.kind !== 'start') throw new Error('the benchmark asked for help');
  let began = 0;
  let ended = 0;
  const watcher: Watcher = {
    begun: () => {
      began = performance.now();
    },
    ticked: () => {
      ended = performance.now();
    },
  };
  const servers = watchServers();
  try {
    const { summary, played } = await start(request.options, watcher, new AbortController().signal);
    const total = ended - began;
    const { plantMs, handlerMs, awsMs } = played.spent;
    const parts = {
      handler: handlerMs - awsMs,
      'SDK and HTTP': awsMs - servers.ms['local cloud'] - servers.ms.dynalite,
      ...servers.ms,
      plant: plantMs,
      'threads and bookkeeping': total - handlerMs - plantMs,
    };
    return {
      simulatedHours: summary.days * 24,
      ticks: summary.ticks,
      seconds: total / 1000,
      hoursPerSecond: (summary.days * 24 * 1000) / total,
      shares: Object.fromEntries(Object.entries(parts).map(([part, ms]) => [part, ms / total])),
    };
  } finally {
    servers.stop();
    await rm(out, { recursive: true });
  }
}

function tableOf({ simulatedHours, ticks, seconds, hoursPerSecond, shares }: Measured): string {
  const table = new CliTable({
    head: ['part', 'share', 'ms a tick'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [part, share] of Object.entries(shares)) {
    table.push([part, `${(share * 100).toFixed(1)} %`, ((share * seconds * 1000) / ticks).toFixed(2)]);
  }
  const sentence = `${simulatedHours} simulated hours in ${seconds.toFixed(1)} s: ${hoursPerSecond.toFixed(1)} hours per second`;
  return `${sentence}\n${table.toString()}`;
}

const measured = await measure();
process.stdout.write(`${process.argv.includes('--json') ? JSON.stringify(measured) : tableOf(measured)}\n`);
