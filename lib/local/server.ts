/**
 * The loopback server: finds the service and operation of a request as AWS does, plays the scripted faults, and answers in the service's
 * own protocol, for errors too. Knows nothing of what the operations mean.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AwsError, unknownOperation } from './aws-error.ts';
import type { Answer, AwsService } from './aws-service.ts';
import type { Fault, Faults } from './faults.ts';
import { type JsonObject, parseJsonObject } from './json-input.ts';
import type { Calls, Operation } from './operations.ts';
import { inputOfForm, xmlOfError, xmlOfOutput } from './query-protocol.ts';
import { readBody } from './request-body.ts';
import { checkSignature } from './signature.ts';

/** A request that is not here whole after so long is given up with a 408. */
const REQUEST_LIMIT_MS = 10_000;

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
  /** Read when it is needed: a request that is lost is never looked into. */
  input(): JsonObject;
}

type Services = (key: string) => AwsService | undefined;

export function createCloudServer(parts: ServerParts): Server {
  const byKey = new Map(parts.services.map((one) => [one.protocol === 'json' ? one.targetPrefix : one.version, one]));
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
    serve(request, response, parts, (key) => {
      service = byKey.get(key);
      return service;
    }).catch((error: unknown) => sendError(response, error, service));
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServerParts,
  serviceOf: Services,
): Promise<void> {
  const body = await readBody(request);
  const isForm = request.headers['content-type']?.startsWith(FORM) === true;
  const { service, operation, answer, input } = isForm
    ? findByForm(new URLSearchParams(body), serviceOf)
    : findByTarget(request, body, serviceOf);
  checkSignature(request.headers, service.signingName, parts.region);
  parts.calls.count(operation);
  const fault = parts.faults.take(operation);
  const run = () => answer(input());
  if (fault === undefined) sendOutput(response, service, operation, run());
  else suffer(fault, { service, operation, run }, response);
}

const FORM = 'application/x-www-form-urlencoded';

function findByTarget(request: IncomingMessage, body: string, serviceOf: Services): Found {
  const target = request.headers['x-amz-target'];
  if (request.method !== 'POST' || typeof target !== 'string') {
    throw unknownOperation(`${request.method} ${request.url}`);
  }
  const dot = target.indexOf('.');
  const service = serviceOf(target.slice(0, Math.max(0, dot)));
  const operation = target.slice(dot + 1) as Operation;
  const answer = service?.operations.get(operation);
  const contentType = request.headers['content-type'];
  if (service?.protocol !== 'json' || answer === undefined || contentType !== service.contentType) {
    throw unknownOperation(`${target} as ${contentType ?? 'no content type'}`);
  }
  return { service, operation, answer, input: () => parseJsonObject(body) };
}

function findByForm(form: URLSearchParams, serviceOf: Services): Found {
  const [action, version] = [form.get('Action') ?? '', form.get('Version') ?? ''];
  const service = serviceOf(version);
  const operation = action as Operation;
  const answer = service?.operations.get(operation);
  if (service === undefined || answer === undefined) throw unknownOperation(`${action} of version ${version}`);
  return { service, operation, answer, input: () => inputOfForm(form) };
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
      setTimeout(() => sendOutput(response, service, operation, output), fault.delayMs).unref();
    }
  }
}

let requestNumber = 0;

function nextRequestId(): string {
  requestNumber += 1;
  return `00000000-0000-4000-8000-${requestNumber.toString(16).padStart(12, '0')}`;
}

function sendOutput(response: ServerResponse, service: AwsService, operation: Operation, output: object): void {
  const requestId = nextRequestId();
  if (service.protocol === 'json') {
    send(response, 200, JSON.stringify(output), { 'Content-Type': service.contentType, 'x-amzn-RequestId': requestId });
    return;
  }
  const xml = xmlOfOutput(service, operation, output, requestId);
  send(response, 200, xml, { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId });
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string | number>>,
): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** A fault of our own is a 500 with its message: it must not look like an answer. */
function sendError(response: ServerResponse, thrown: unknown, service: AwsService | undefined): void {
  const error = thrown instanceof AwsError ? thrown : new AwsError(500, 'InternalFailure', String(thrown));
  const requestId = nextRequestId();
  if (service?.protocol === 'query') {
    const xml = xmlOfError(service, error, requestId);
    send(response, error.status, xml, { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId });
    return;
  }
  const headers: Record<string, string> = { 'x-amzn-errortype': error.code, 'x-amzn-RequestId': requestId };
  if (service?.errorNamespace !== undefined) {
    headers['x-amzn-query-error'] = `${error.queryCode ?? error.code};${error.status < 500 ? 'Sender' : 'Receiver'}`;
  }
  const namespace = service?.errorNamespace === undefined ? '' : `${service.errorNamespace}#`;
  const body = JSON.stringify({ __type: namespace + error.code, message: error.message });
  send(response, error.status, body, {
    'Content-Type': service?.contentType ?? 'application/x-amz-json-1.1',
    ...headers,
  });
}
