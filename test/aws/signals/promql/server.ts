/** A server on loopback that answers range queries as its script says, and a signal that asks it. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { awsClients, type CallLimits } from '../../../../lib/aws/clients.ts';
import { type Meter, newMeter } from '../../../../lib/aws/signals/meter.ts';
import type { Authorization, PrometheusEndpoint } from '../../../../lib/aws/signals/promql/endpoints.ts';
import { awsSignals } from '../../../../lib/aws/signals/signals.ts';
import type { SignalQuery } from '../../../../lib/loop/ports.ts';
import type { Reading } from '../../../../lib/policy/observation.ts';
import type { SignalSpec } from '../../../../lib/policy/policy.ts';
import { NOW, promqlOf } from '../../../contracts/signals.ts';
import { CREDENTIALS, REGION } from '../../dynamodb.ts';
import { close, listen } from '../../wire.ts';

export interface AskedRange {
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  /** Epoch seconds of the first and the last step. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** `id` to expression, where the query joins several. */
  readonly parts: ReadonlyMap<string, string>;
}

export type Script = (asked: AskedRange, response: ServerResponse) => object | undefined;

export interface World {
  readonly asked: readonly AskedRange[];
  readonly meter: Meter;
  read(...queries: readonly SignalQuery[]): Promise<readonly Reading[]>;
  readUntil(abort: AbortSignal, ...queries: readonly SignalQuery[]): Promise<readonly Reading[]>;
}

export interface Given {
  readonly authorization?: Authorization;
  readonly scope?: PrometheusEndpoint['scope'];
  readonly limits?: Partial<CallLimits>;
  /** What the server's clock shows; ours by default. */
  readonly date?: number;
}

/** An object is sent as JSON; undefined: the script has answered itself, or never will. */
export async function withPrometheus(script: Script, tell: (world: World) => Promise<void>, given: Given = {}) {
  const asked: AskedRange[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = readForm(new URLSearchParams(Buffer.concat(chunks).toString()), request.headers);
    asked.push(one);
    response.sendDate = false;
    response.setHeader('date', new Date(given.date ?? NOW).toUTCString());
    const answer = script(one, response);
    if (answer !== undefined) response.end(JSON.stringify(answer));
  });
  const url = await listen(server);
  const { authorization = { kind: 'none' }, scope, limits } = given;
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, limits: { attempts: 1, ...limits } });
  const meter = newMeter();
  const endpoint = { url, authorization, ...(scope === undefined ? {} : { scope }) };
  const signals = awsSignals(clients, { prometheus: { prom: endpoint }, meter });
  const readUntil = (abort: AbortSignal, ...queries: readonly SignalQuery[]) => signals.read(queries, NOW, abort);
  try {
    await tell({ asked, meter, readUntil, read: (...queries) => readUntil(new AbortController().signal, ...queries) });
  } finally {
    clients.close();
    await close(server);
  }
}

export function readForm(form: URLSearchParams, headers: IncomingHttpHeaders): AskedRange {
  const query = form.get('query') ?? '';
  const joined = query.matchAll(/label_replace\(\n([\s\S]*?)\n, "schmitt_part", "(\w+)", "", ""\)/g);
  const parts = new Map([...joined].map(([, expression = '', id = '']) => [id, expression]));
  const [start = 0, end = 0, step = 0] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
  return { headers, query, start, end, step, parts };
}

/** One series a part: `valueAt` gives the value of an expression at a step, null for none. */
export function matrix(
  { parts, start, end, step }: AskedRange,
  valueAt: (expression: string, at: number) => string | number | null,
  more: object = {},
): object {
  const result = [...parts].map(([id, expression]) => {
    const values: [number, string][] = [];
    for (let at = start; at <= end; at += step) {
      const value = valueAt(expression, at);
      if (value !== null) values.push([at, String(value)]);
    }
    return { metric: { schmitt_part: id }, values };
  });
  const data = { resultType: 'matrix', result: result.filter(({ values }) => values.length > 0) };
  return { status: 'success', data, ...more };
}

/** Samples come every 15 s, and every expression is 7. */
export function sevens(asked: AskedRange): object {
  return matrix(asked, (expression, at) => (expression.startsWith('max(timestamp(') ? at - 15 : 7));
}

export const loadOf = (query: string, facts: Partial<SignalSpec> = {}, name = 'load') => promqlOf(query, facts, name);
