/** A server on loopback that speaks AWS JSON and answers as its script says: what stands behind the unmodified SDK clients. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WireRequest {
  /** `UpdateItem`, `GetMetricData`, … */
  readonly operation: string;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** `breakOff`: the connection ends without an answer. `silence`: no answer ever comes. `html`: what a gateway says. */
export type WireAnswer =
  | { readonly status?: number; readonly body: unknown }
  | 'breakOff'
  | 'silence'
  | 'html'
  /** The head of an answer, and then silence. */
  | 'half'
  /** Again and again that it is being worked on, and never an answer. */
  | 'stalling';

export type Script = (request: WireRequest) => WireAnswer | Promise<WireAnswer>;

export interface Wire {
  readonly endpoint: string;
  readonly requests: readonly WireRequest[];
  /** Resolves when a client ends its connection before it has its answer. */
  readonly givenUp: Promise<void>;
  close(): Promise<void>;
}

export function failure(name: string, message: string, status = 400): WireAnswer {
  return { status, body: { __type: `com.amazonaws#${name}`, message } };
}

export async function startWire(script: Script): Promise<Wire> {
  const requests: WireRequest[] = [];
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) giveUp();
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const heard = { operation, text: Buffer.concat(chunks).toString(), headers: request.headers };
      requests.push(heard);
      send(response, await script(heard));
    });
  });
  return {
    endpoint: await listen(server),
    requests,
    givenUp,
    close: () => close(server),
  };
}

function send(response: ServerResponse, answer: WireAnswer): void {
  if (answer === 'silence') return;
  if (answer === 'breakOff') {
    response.destroy();
  } else if (answer === 'half') {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '100' }).write('{');
  } else if (answer === 'stalling') {
    const again = setInterval(() => response.writeProcessing(), 5);
    response.on('close', () => clearInterval(again));
  } else if (answer === 'html') {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
  } else {
    response
      .writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer.body));
  }
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
