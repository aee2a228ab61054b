/** Asks the Prometheus servers the planned range queries. A query that one of them refuses is found and fails alone. */
import type { EpochMs } from '../../../policy/policy.ts';
import { inParallel } from '../../batches.ts';
import { counted, type Meter } from '../meter.ts';
import type { Answer } from '../recipe.ts';
import type { PrometheusEndpoint, PrometheusEndpoints } from './endpoints.ts';
import { post } from './fetch.ts';
import { answerOf, answersOf, type ParsedReply, parseReply } from './reply.ts';
import { joined, type PromqlBundle, type PromqlCall, type PromqlPart, partsOf } from './requests.ts';
import { authorizationHeaders, type CredentialsProvider } from './sign.ts';

/** CloudWatch takes 30 at once from an account. */
const CALLS_AT_ONCE = 4;
/** One bad query among 200 takes 8 halvings to find. */
const MOST_HALVINGS = 32;
/** Beyond it the ages of samples cannot be told. */
const SKEW_LIMIT_MS = 30_000;

export interface PromqlOptions {
  readonly endpoints: PrometheusEndpoints;
  readonly credentials: CredentialsProvider;
  readonly callMs: number;
  readonly meter: Meter;
}

export interface Promql {
  /** One answer for each part, by its id; the values of its steps by their time. Throws only the abort's reason. */
  ask(calls: readonly PromqlCall[], now: EpochMs, abort: AbortSignal): Promise<readonly (readonly [string, Answer])[]>;
}

export function promqlSource(options: PromqlOptions): Promql {
  return {
    async ask(calls, now, abort) {
      const asking: Asking = { ...options, now, abort, halvings: { left: MOST_HALVINGS } };
      const answers = await inParallel(CALLS_AT_ONCE, calls, (call) => askCall(call, asking));
      return answers.flat();
    },
  };
}

interface Asking extends PromqlOptions {
  readonly now: EpochMs;
  readonly abort: AbortSignal;
  readonly halvings: { left: number };
}

type Answers = readonly (readonly [string, Answer])[];

async function askCall(call: PromqlCall, asking: Asking): Promise<Answers> {
  const { bundles } = call;
  const parts = partsOf(bundles);
  const outcome = await send(call, joined(parts), asking);
  if (outcome.kind === 'matrix') return answersOf(outcome, parts);
  if (outcome.kind === 'failed') return parts.map(({ id }) => [id, outcome.answer]);
  if (bundles.length > 1 && asking.halvings.left > 0) {
    asking.halvings.left -= 1;
    const middle = Math.ceil(bundles.length / 2);
    const first = await askCall({ ...call, bundles: bundles.slice(0, middle) }, asking);
    return [...first, ...(await askCall({ ...call, bundles: bundles.slice(middle) }, asking))];
  }
  const [bundle] = bundles;
  if (bundle !== undefined && bundles.length === 1) return askAlone(call, bundle, asking);
  return parts.map(({ id }) => [id, failed(outcome.cause)]);
}

/** As the operator wrote it, so that what the server says about it is about that. */
async function askAlone(call: PromqlCall, { value, ages }: PromqlBundle, asking: Asking): Promise<Answers> {
  const answers: (readonly [string, Answer])[] = [];
  for (const part of [value, ...ages]) {
    const answer = await askPlain(call, part, asking);
    answers.push([part.id, answer]);
    if (answer.status !== 'complete') break;
  }
  return answers;
}

async function askPlain(call: PromqlCall, { expression }: PromqlPart, asking: Asking): Promise<Answer> {
  const outcome = await send(call, expression, asking);
  if (outcome.kind === 'matrix') return answerOf(outcome.series, outcome.warnings[0]);
  return outcome.kind === 'failed' ? outcome.answer : failed(outcome.cause);
}

type Outcome =
  | Extract<ParsedReply, { kind: 'matrix' }>
  /** Because of what is asked: another question may be answered. */
  | { readonly kind: 'refused'; readonly cause: string }
  | { readonly kind: 'failed'; readonly answer: Answer };

async function send(call: PromqlCall, query: string, asking: Asking): Promise<Outcome> {
  const endpoint = asking.endpoints[call.from];
  if (endpoint === undefined) return { kind: 'failed', answer: failed(`no Prometheus is called ${call.from}`) };
  const url = new URL(`${endpoint.url}/api/v1/query_range`);
  const reply = await postQuery(endpoint, url, formOf(call, query), asking);
  if (reply.kind === 'unanswered') return { kind: 'failed', answer: failed(reply.cause) };
  asking.meter.bytes += reply.bytes;
  const { status, date } = reply;
  const parsed = parseReply(reply.json);
  const said = parsed.kind === 'matrix' ? `HTTP ${status}` : parsed.cause;
  if (status === 401 || status === 403) {
    return { kind: 'failed', answer: { status: 'forbidden', cause: said, points: new Map() } };
  }
  if (status === 400 || status === 413 || status === 414 || status === 422) return { kind: 'refused', cause: said };
  if (status !== 200 || parsed.kind !== 'matrix') return { kind: 'failed', answer: failed(said) };
  asking.meter.samplesScanned += parsed.samplesScanned ?? 0;
  const skewMs = date === undefined ? 0 : date - asking.now;
  if (Math.abs(skewMs) <= SKEW_LIMIT_MS) return parsed;
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return { kind: 'failed', answer: failed(`its clock is ${seconds} s ${direction} ours, so that no age can be told`) };
}

async function postQuery(endpoint: PrometheusEndpoint, url: URL, body: string, asking: Asking) {
  const { callMs, abort, credentials, meter } = asking;
  counted(meter, 'query_range');
  abort.throwIfAborted();
  try {
    const headers = await authorizationHeaders(endpoint.authorization, url, body, credentials);
    return await post(url, headers, body, callMs, abort);
  } catch (error) {
    if (abort.aborted) throw error;
    return {
      kind: 'unanswered',
      cause: `nobody could sign: ${error instanceof Error ? error.message : error}`,
    } as const;
  }
}

function formOf({ start, end, stepSeconds }: PromqlCall, query: string): string {
  return new URLSearchParams({
    query,
    start: String(start / 1000 + stepSeconds),
    end: String(end / 1000),
    step: String(stepSeconds),
    stats: 'all',
  }).toString();
}

function failed(cause: string): Answer {
  return { status: 'failed', cause, points: new Map() };
}
