/**
 * CloudWatch's own PromQL endpoint, and that of Amazon Managed Service for Prometheus, as the local cloud has them: a door that lets only
 * signed requests through to a real Prometheus, and cuts replies where AWS cuts them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from './listen.ts';
import { type Expected, signatureFault } from './signature-v4.ts';

export interface PromqlProxyOptions {
  /** Of the real Prometheus. */
  readonly prometheus: string;
  readonly service: 'monitoring' | 'aps';
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Path before `/api/v1`, as AMP's workspaces have one; none by default. */
  readonly prefix?: string;
  /** Series of a reply; 500 by default. */
  readonly seriesLimit?: number;
  /** The machine's clock by default. */
  now?(): number;
}

export interface PromqlProxy {
  readonly endpoint: string;
  /** Requests whose signature was right. */
  readonly passed: number;
  close(): Promise<void>;
}

const PATHS: ReadonlySet<string> = new Set(['/api/v1/query', '/api/v1/query_range']);
const BODY_LIMIT_BYTES = 1024 * 1024;
const FORWARD_LIMIT_MS = 20_000;

export async function startPromqlProxy(options: PromqlProxyOptions): Promise<PromqlProxy> {
  const { service, region, accessKeyId, secretAccessKey, prefix = '', now = Date.now } = options;
  const secretOf = (key: string) => (key === accessKeyId ? secretAccessKey : undefined);
  const expected: Expected = { service, region, secretOf, now };
  let passed = 0;
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => send(response, 502, errorJson('internal', String(error))));
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = await readAll(request);
    const fault = signatureFault({ method, url, headers, body }, expected);
    if (fault !== undefined) return send(response, 403, errorJson('forbidden', fault));
    const path = url.startsWith(prefix) ? url.slice(prefix.length) : url;
    if (method !== 'POST' || !PATHS.has(path)) return send(response, 404, errorJson('not_found', `${method} ${url}`));
    passed += 1;
    const answer = await fetch(options.prometheus + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      signal: AbortSignal.timeout(FORWARD_LIMIT_MS),
    });
    send(response, answer.status, cut(await answer.text(), options.seriesLimit ?? 500));
  }

  const endpoint = await listen(server, 0);
  return {
    endpoint: endpoint + prefix,
    get passed() {
      return passed;
    },
    close: () => close(server),
  };
}

interface MatrixReply {
  readonly data?: { readonly result?: readonly unknown[] };
}

/** HTTP 200 and a warning, and the rest is missing. */
function cut(text: string, most: number): string {
  const reply = JSON.parse(text) as MatrixReply;
  const result = reply.data?.result ?? [];
  if (result.length <= most) return text;
  const data = { ...reply.data, result: result.slice(0, most) };
  return JSON.stringify({ ...reply, data, warnings: [`results truncated to ${most} series`] });
}

function readAll(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_LIMIT_BYTES) reject(new Error('the request is too large'));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function errorJson(errorType: string, error: string): string {
  return JSON.stringify({ status: 'error', errorType, error });
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
