/**
 * The loopback server: finds the service and operation of a request as AWS does, plays the scripted faults, and answers JSON always,
 * for errors too. Knows nothing of what the operations mean.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError, unknownOperation } from './aws-error.ts';
import type { Answer, AwsService } from './aws-service.ts';
import type { Fault, Faults } from './faults.ts';
import { parseJsonObject } from './json-input.ts';
import type { Calls, Operation } from './operations.ts';
import { readBody } from './request-body.ts';
import { checkSignature } from './signature.ts';

/** A request that is not here whole after so long is given up with a 408. */
export const REQUEST_LIMIT_MS = 10_000;

export interface ServerParts {
  readonly services: readonly AwsService[];
  readonly region: string;
  readonly faults: Faults;
  readonly calls: Calls;
  /** `REQUEST_LIMIT_MS` by default. */
  readonly requestLimitMs?: number;
}

interface Found {
  readonly service: AwsService;
  readonly operation: Operation;
  readonly answer: Answer;
}

export function createCloudServer(parts: ServerParts): Server {
  const byPrefix = new Map(parts.services.map((service) => [service.targetPrefix, service]));
  const { requestLimitMs = REQUEST_LIMIT_MS } = parts;
  const limits = {
    requestTimeout: requestLimitMs,
    headersTimeout: requestLimitMs,
    connectionsCheckingInterval: Math.min(1000, requestLimitMs),
    // Zero: the client ends an idle connection, so that none is closed under a request on its way.
    keepAliveTimeout: 0,
  };
  return createServer(limits, (request, response) => {
    let service: AwsService | undefined;
    serve(request, response, parts, (target) => {
      service = byPrefix.get(target);
      return service;
    }).catch((error: unknown) => sendError(response, error, service));
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServerParts,
  serviceOf: (prefix: string) => AwsService | undefined,
): Promise<void> {
  const body = await readBody(request);
  const { service, operation, answer } = find(request, serviceOf);
  checkSignature(request.headers, service.signingName, parts.region);
  parts.calls.count(operation);
  const fault = parts.faults.take(operation);
  const run = () => answer(parseJsonObject(body));
  if (fault === undefined) sendJson(response, 200, service.contentType, run());
  else suffer(fault, { service, operation, run }, response);
}

function find(request: IncomingMessage, serviceOf: (prefix: string) => AwsService | undefined): Found {
  const target = request.headers['x-amz-target'];
  if (request.method !== 'POST' || typeof target !== 'string') {
    throw unknownOperation(`${request.method} ${request.url}`);
  }
  const dot = target.indexOf('.');
  const service = serviceOf(target.slice(0, Math.max(0, dot)));
  const operation = target.slice(dot + 1) as Operation;
  const answer = service?.operations.get(operation);
  if (service === undefined || answer === undefined || request.headers['content-type'] !== service.contentType) {
    throw unknownOperation(`${target} as ${request.headers['content-type'] ?? 'no content type'}`);
  }
  return { service, operation, answer };
}

interface Suffering {
  readonly service: AwsService;
  readonly operation: Operation;
  readonly run: () => object;
}

function suffer(fault: Fault, { service, operation, run }: Suffering, response: ServerResponse): void {
  switch (fault.kind) {
    case 'throttle':
    case 'serverError':
    case 'accessDenied':
      throw service.refusals[fault.kind](operation);
    case 'loseAnswer':
      run();
      response.destroy();
      return;
    case 'loseRequest':
      response.destroy();
      return;
    case 'hang':
      if (fault.applied === true) run();
      return;
    case 'slow': {
      const output = run();
      setTimeout(() => sendJson(response, 200, service.contentType, output), fault.delayMs).unref();
    }
  }
}

let requestNumber = 0;

function sendJson(
  response: ServerResponse,
  status: number,
  contentType: string,
  output: object,
  more: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  const json = JSON.stringify(output);
  requestNumber += 1;
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(json),
    'x-amzn-RequestId': `00000000-0000-4000-8000-${requestNumber.toString(16).padStart(12, '0')}`,
    ...more,
  });
  response.end(json);
}

/** A fault of our own is a 500 with its message: it must not look like an answer. */
function sendError(response: ServerResponse, thrown: unknown, service: AwsService | undefined): void {
  const error = thrown instanceof AwsError ? thrown : new AwsError(500, 'InternalFailure', String(thrown));
  const namespace = service?.errorNamespace === undefined ? '' : `${service.errorNamespace}#`;
  const headers: Record<string, string> = { 'x-amzn-errortype': error.code };
  if (service?.errorNamespace !== undefined) {
    headers['x-amzn-query-error'] = `${error.queryCode ?? error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  }
  const body = { __type: namespace + error.code, message: error.message };
  sendJson(response, error.status, service?.contentType ?? 'application/x-amz-json-1.1', body, headers);
}
