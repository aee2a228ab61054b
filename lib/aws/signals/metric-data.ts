/** The planned calls to GetMetricData: all their pages, and what their answers are worth. HTTP 200 is not success. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MessageData,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { ReadingStatus } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { inParallel } from '../batches.ts';
import { clauseOf, limited, nameOf, statusOf } from '../call.ts';
import { counted, type Meter } from './meter.ts';
import type { MetricDataCall, PlannedQuery } from './metric-data-queries.ts';
import type { Answer } from './recipe.ts';

/** The account has 500 calls a second; the datapoints a second are the plan's business. */
const CALLS_AT_ONCE = 4;
/** One bad query among 500 takes 9 halvings to find. */
const MOST_HALVINGS = 36;

interface Asking {
  readonly client: CloudWatchClient;
  readonly callMs: number;
  readonly abort: AbortSignal;
  readonly meter: Meter;
  /** How many more times a refused call may be halved; shared by the calls of one read. */
  readonly halvings: { left: number };
}

/** One answer for each query of the calls, by its id. */
export async function askMetricData(
  client: CloudWatchClient,
  calls: readonly MetricDataCall[],
  callMs: number,
  abort: AbortSignal,
  meter: Meter,
): Promise<readonly (readonly [string, Answer])[]> {
  const asking = { client, callMs, abort, meter, halvings: { left: MOST_HALVINGS } };
  const beganAt = performance.now();
  const answers = await inParallel(CALLS_AT_ONCE, calls, async (call) => {
    const early = beganAt + call.waitMs - performance.now();
    if (early > 0) await wait(early, undefined, { signal: abort });
    return askCall(call, asking);
  });
  return answers.flat();
}

/** A call holds 100,800 datapoints a page; more pages than this are a fault. */
const MOST_PAGES = 20;

/**
 * A call that CloudWatch refuses because of what is asked is halved until the bundle that is to blame stands alone, so that one bad metric
 * does not blind every service. Any other failure is that of all queries of the call.
 */
async function askCall(call: MetricDataCall, asking: Asking): Promise<[string, Answer][]> {
  try {
    return await askPages(call, asking);
  } catch (error) {
    if (asking.abort.aborted) throw error;
    const { bundles } = call;
    if (bundles.length > 1 && blamesTheQuestion(error) && asking.halvings.left > 0) {
      asking.halvings.left -= 1;
      const middle = Math.ceil(bundles.length / 2);
      const first = await askCall({ ...call, bundles: bundles.slice(0, middle) }, asking);
      return [...first, ...(await askCall({ ...call, bundles: bundles.slice(middle) }, asking))];
    }
    const [bundle = []] = bundles;
    if (bundle.length > 1 && blamesTheQuestion(error)) return askApart(call, bundle, faultOf(error), asking);
    return bundles.flat().map(({ id }) => [id, faultOf(error)]);
  }
}

/** A bundle that is refused: its metrics are asked without the expressions, then each expression alone, if there are several. */
async function askApart(
  call: MetricDataCall,
  bundle: readonly PlannedQuery[],
  fault: Answer,
  asking: Asking,
): Promise<[string, Answer][]> {
  const expressions = bundle.filter((query) => query.kind === 'expression');
  const metrics = bundle.filter((query) => query.kind === 'metric');
  const answers = await askCall({ ...call, bundles: metrics.map((query) => [query]) }, asking);
  for (const expression of expressions) {
    if (expressions.length === 1 || asking.halvings.left <= 0) {
      answers.push([expression.id, fault]);
      continue;
    }
    asking.halvings.left -= 1;
    const used = metrics.filter(({ id }) => expression.uses.includes(id));
    answers.push(...(await askAlone(call, [...used, expression], expression.id, asking)));
  }
  return answers;
}

async function askAlone(
  call: MetricDataCall,
  bundle: readonly PlannedQuery[],
  id: string,
  asking: Asking,
): Promise<[string, Answer][]> {
  try {
    return (await askPages({ ...call, bundles: [bundle] }, asking)).filter(([one]) => one === id);
  } catch (error) {
    if (asking.abort.aborted) throw error;
    return [[id, faultOf(error)]];
  }
}

function blamesTheQuestion(error: unknown): boolean {
  return (
    statusOf(error) === 400 && /^(InvalidParameter|Validation|MissingRequired|MissingParameter)/.test(nameOf(error))
  );
}

function faultOf(error: unknown): Answer {
  const denied = /^(AccessDenied|Unauthorized|NotAuthorized)/.test(nameOf(error));
  return { status: denied ? 'forbidden' : 'failed', cause: clauseOf(error), points: new Map() };
}

/** Throws what the first page throws; a later page that fails leaves what is complete by then. */
async function askPages(call: MetricDataCall, asking: Asking): Promise<[string, Answer][]> {
  const gathered = new Map(call.bundles.flat().map(({ id }) => [id, unanswered()]));
  let token: string | undefined;
  let fault: string | undefined;
  const said: MessageData[] = [];
  for (let page = 0; page === 0 || token !== undefined; page += 1) {
    if (page === MOST_PAGES) {
      fault = `CloudWatch had more after ${MOST_PAGES} pages`;
      break;
    }
    try {
      const answer = await askPage(call, token, asking);
      const results = answer.MetricDataResults ?? [];
      for (const result of results) gather(gathered, result);
      for (const id of repeated(results)) Object.assign(gathered.get(id) ?? {}, { several: true });
      said.push(...(answer.Messages ?? []));
      token = answer.NextToken;
    } catch (error) {
      if (page === 0 || asking.abort.aborted) throw error;
      fault = clauseOf(error);
      break;
    }
  }
  return [...gathered].map(([id, answers]) => [id, judge(answers, said, fault)]);
}

async function askPage(
  { start, end, bundles }: MetricDataCall,
  token: string | undefined,
  { client, callMs, abort, meter }: Asking,
): Promise<GetMetricDataCommandOutput> {
  counted(meter, 'GetMetricData');
  // Each page is asked for, and paid for, anew.
  meter.metricsRequested += bundles.flat().filter(({ kind }) => kind === 'metric').length;
  const command = new GetMetricDataCommand({
    StartTime: new Date(start),
    EndTime: new Date(end),
    MetricDataQueries: bundles.flat().map(metricDataQuery),
    ...(token === undefined ? {} : { NextToken: token }),
  });
  return limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
}

/** Without a unit: CloudWatch answers a unit that differs from the metric's with silence. */
function metricDataQuery(query: PlannedQuery): MetricDataQuery {
  const { id, periodSeconds } = query;
  if (query.kind === 'expression') return { Id: id, Expression: query.expression, Period: periodSeconds };
  const { namespace, metric, dimensions, stat } = query;
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
      },
      Stat: stat,
      Period: periodSeconds,
    },
  };
}

interface Answers {
  /** Of the newest page that named the query. */
  status: string | undefined;
  torn: boolean;
  several: boolean;
  readonly messages: MessageData[];
  readonly points: Map<EpochMs, number>;
}

function unanswered(): Answers {
  return { status: undefined, torn: false, several: false, messages: [], points: new Map() };
}

function gather(gathered: ReadonlyMap<string, Answers>, result: MetricDataResult): void {
  const answers = gathered.get(result.Id ?? '');
  if (answers === undefined) return;
  const [times, values] = [result.Timestamps ?? [], result.Values ?? []];
  answers.status = result.StatusCode;
  answers.torn ||= times.length !== values.length;
  answers.messages.push(...(result.Messages ?? []));
  for (const [index, value] of values.entries()) {
    const time = times[index];
    if (time !== undefined) answers.points.set(time.getTime(), value);
  }
}

/** Ids that stand in one page more than once: an expression that makes several series. */
function repeated(results: readonly MetricDataResult[]): readonly string[] {
  const seen = new Set<string>();
  return results.flatMap(({ Id = '' }) => {
    if (seen.has(Id)) return [Id];
    seen.add(Id);
    return [];
  });
}

/** `fault`: the pages ended early. What the call as a whole says may concern any of its queries. */
function judge(answers: Answers, said: readonly MessageData[], fault: string | undefined): Answer {
  const { points, status, torn, several, messages } = answers;
  const words = [...messages, ...said].map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': ')).join('; ');
  const not = (worth: ReadingStatus, cause: string): Answer => ({ status: worth, cause, points });
  const because = (cause: string): string => [cause, fault, words].filter(Boolean).join('; ');
  if (torn) return not('failed', 'CloudWatch answered with more times than values, or fewer');
  if (several)
    return not('failed', 'it makes several time series, where one is needed; put SUM, AVG, MAX or MIN around it');
  if (status === 'Complete') return words === '' ? { status: 'complete', points } : not('partial', words);
  if (status === 'PartialData') return not('partial', because('CloudWatch answered with PartialData'));
  if (status === 'Forbidden') return not('forbidden', because('CloudWatch answered with Forbidden'));
  if (status === 'InternalError') return not('failed', because('CloudWatch answered with InternalError'));
  return not(
    'failed',
    because(status === undefined ? 'CloudWatch did not answer to it' : `CloudWatch answered with ${status}`),
  );
}
