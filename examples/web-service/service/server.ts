/**
 * A small stateless service that scales well: it says when it lives (`/healthz`), when it can take load (`/readyz`), what it does
 * (`/metrics`), and when it is told to stop it finishes what it has and says no to nothing it accepted.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const PORT = Number(process.env.PORT ?? 8080);
/** After SIGTERM it still takes what arrives for so long: until a load balancer has heard that it is not ready. */
const DRAIN_MS = Number(process.env.DRAIN_MS ?? 5_000);
/** What one request takes. */
const WORK_MS = Number(process.env.WORK_MS ?? 20);

let requests = 0;
let inFlight = 0;
let stopping = false;

const server = createServer((request, response) => {
  if (request.url === '/healthz') return answer(response, 200, 'alive\n');
  if (request.url === '/readyz') return answer(response, stopping ? 503 : 200, stopping ? 'stopping\n' : 'ready\n');
  if (request.url === '/metrics') return answer(response, 200, metrics());
  return work(request, response);
});

function work(_request: IncomingMessage, response: ServerResponse): void {
  requests += 1;
  inFlight += 1;
  response.on('close', () => {
    inFlight -= 1;
  });
  setTimeout(() => answer(response, 200, `hello from ${process.pid}\n`), WORK_MS);
}

function answer(response: ServerResponse, status: number, body: string): void {
  // A connection that is kept alive would hold a process that wants to stop.
  response.writeHead(status, { 'content-type': 'text/plain', ...(stopping ? { connection: 'close' } : {}) }).end(body);
}

/** Prometheus' text format. */
function metrics(): string {
  return [
    '# TYPE http_requests_total counter',
    `http_requests_total ${requests}`,
    '# TYPE http_requests_in_flight gauge',
    `http_requests_in_flight ${inFlight}`,
    '',
  ].join('\n');
}

process.on('SIGTERM', () => {
  if (stopping) return;
  stopping = true;
  console.log(JSON.stringify({ message: 'stopping', inFlight }));
  setTimeout(() => {
    // Waits for what is in flight; idle connections are closed at once.
    server.close(() => {
      console.log(JSON.stringify({ message: 'stopped', requests }));
      process.exit(0);
    });
    server.closeIdleConnections();
  }, DRAIN_MS);
});

server.listen(PORT, process.env.HOST ?? '0.0.0.0', () => {
  const address = server.address();
  console.log(JSON.stringify({ message: 'ready', port: typeof address === 'object' ? address?.port : PORT }));
});
