/** DynamoDB is dynalite, in memory; in front of it the same faults and counts as for the other services. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { closeIteratorsThatEnd } from './closed-iterators.ts';
import type { Fault, Faults } from './faults.ts';
import { type Calls, DYNAMODB_OPERATIONS, type DynamoDbOperation } from './operations.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const REFUSALS = {
  throttle: [
    400,
    'com.amazon.coral.availability#ThrottlingException',
    'Rate of requests exceeds the allowed throughput.',
  ],
  serverError: [500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', 'Internal server error'],
  accessDenied: [400, 'com.amazon.coral.service#AccessDeniedException', 'User is not authorized to perform this.'],
} as const;

/** A server that is not listening yet. */
export function createDynamoDbServer(faults: Faults, calls: Calls): Server {
  closeIteratorsThatEnd();
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  // Zero: the client ends an idle connection, so that none is closed under a request on its way.
  server.keepAliveTimeout = 0;
  const [dynalites] = server.listeners('request') as Listener[];
  if (dynalites === undefined) throw new Error('dynalite has no request listener');
  const answer: Listener = (request, response) => {
    dynalites.call(server, request, response);
    // dynalite throws on a request that the client gives up, which would end the process.
    request.removeAllListeners('error').on('error', () => response.destroy());
  };
  server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
    const operation = operationOf(request);
    if (operation === undefined) return answer(request, response);
    calls.count(operation);
    const fault = faults.take(operation);
    if (fault === undefined) answer(request, response);
    else suffer(fault, answer, request, response);
  });
  return server;
}

function operationOf(request: IncomingMessage): DynamoDbOperation | undefined {
  const target = request.headers['x-amz-target'];
  const name = typeof target === 'string' ? target.split('.')[1] : undefined;
  return DYNAMODB_OPERATIONS.find((operation) => operation === name);
}

function suffer(fault: Fault, answer: Listener, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case 'throttle':
    case 'serverError':
    case 'accessDenied':
      refuse(fault.kind, request, response);
      return;
    case 'loseRequest':
      response.destroy();
      return;
    case 'loseAnswer':
      interceptEnd(response, () => response.destroy());
      break;
    case 'hang':
      if (fault.applied !== true) return;
      interceptEnd(response, () => undefined);
      break;
    case 'slow':
      interceptEnd(response, (end) => setTimeout(end, fault.delayMs).unref());
  }
  answer(request, response);
}

/** The response ends when and if `then` says so. */
function interceptEnd(response: ServerResponse, then: (end: () => void) => void): void {
  const end = response.end.bind(response) as (body?: string) => ServerResponse;
  response.end = ((body?: string) => {
    then(() => end(body));
    return response;
  }) as typeof response.end;
}

function refuse(kind: keyof typeof REFUSALS, request: IncomingMessage, response: ServerResponse): void {
  const [status, type, message] = REFUSALS[kind];
  request.resume();
  request.on('end', () => {
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type: type, message }));
  });
}
