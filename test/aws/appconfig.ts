/** AppConfig's data plane on loopback, as far as it is asked: sessions, single-use tokens, and nothing where nothing is new. */
import { createServer, type ServerResponse } from 'node:http';
import { close, listen } from './wire.ts';

export interface AppConfigWorld {
  readonly endpoint: string;
  /** What every session is told from now on. */
  configure(text: string): void;
  /** Every request is answered with this status until `recover`. */
  fail(status: number): void;
  recover(): void;
  /** As after a day: no token that was given is taken any more. */
  forgetTokens(): void;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startAppConfig(): Promise<AppConfigWorld> {
  const requests: string[] = [];
  /** By token the version that its holder has seen. */
  const tokens = new Map<string, number>();
  let configuration = { version: 0, text: '' };
  let failing: number | undefined;
  let given = 0;

  function newToken(seen: number): string {
    given += 1;
    tokens.set(`token-${given}`, seen);
    return `token-${given}`;
  }

  function begin(response: ServerResponse): void {
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ InitialConfigurationToken: newToken(0) }));
  }

  function latest(response: ServerResponse, token: string): void {
    const seen = tokens.get(token);
    if (seen === undefined) {
      refuse(response, 400, 'BadRequestException');
      return;
    }
    tokens.delete(token);
    response.setHeader('Next-Poll-Configuration-Token', newToken(configuration.version));
    response.setHeader('Next-Poll-Interval-In-Seconds', '15');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(seen === configuration.version ? '' : configuration.text);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(`${request.method} ${url.pathname}`);
    request.resume();
    if (failing !== undefined) refuse(response, failing, 'InternalServerException');
    else if (url.pathname === '/configuration') latest(response, url.searchParams.get('configuration_token') ?? '');
    else begin(response);
  });
  return {
    endpoint: await listen(server),
    configure: (text) => {
      configuration = { version: configuration.version + 1, text };
    },
    fail: (status) => {
      failing = status;
    },
    recover: () => {
      failing = undefined;
    },
    forgetTokens: () => tokens.clear(),
    requests,
    close: () => close(server),
  };
}

function refuse(response: ServerResponse, status: number, name: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
  response.end(JSON.stringify({ message: 'no' }));
}
