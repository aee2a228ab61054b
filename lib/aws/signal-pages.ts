/** One planned call to GetMetricData: all its pages, and what its answer is worth. HTTP 200 is not success. */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandOutput,
  type MessageData,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { ReadingStatus } from '../policy/observation.ts';
import type { EpochMs } from '../policy/policy.ts';
import { clauseOf, limited, nameOf, statusOf } from './call.ts';
import type { PlannedCall, PlannedQuery } from './signal-plan.ts';

/** What CloudWatch said to one query. */
export interface Series {
  readonly status: ReadingStatus;
  readonly cause?: string;
  /** Period start to value, not scaled. */
  readonly points: ReadonlyMap<EpochMs, number>;
}

export interface Asking {
  readonly client: CloudWatchClient;
  readonly callMs: number;
  readonly abort: AbortSignal;
  /** How many more times a refused call may be halved; shared by the calls of one read. */
  readonly halvings: { left: number };
}

/** A call holds 100,800 datapoints a page; more pages than this are a fault. */
const MOST_PAGES = 20;

/**
 * One series for each query of the call. A call that CloudWatch refuses because of what is asked is halved until the query that is to
 * blame stands alone, so that one bad metric does not blind every service. Any other failure is that of all queries of the call.
 */
export async function askCall(call: PlannedCall, asking: Asking): Promise<[string, Series][]> {
  try {
    return await askPages(call, asking);
  } catch (error) {
    if (asking.abort.aborted) throw error;
    if (call.queries.length > 1 && blamesTheQuestion(error) && asking.halvings.left > 0) {
      asking.halvings.left -= 1;
      const middle = Math.ceil(call.queries.length / 2);
      const first = await askCall({ ...call, queries: call.queries.slice(0, middle) }, asking);
      return [...first, ...(await askCall({ ...call, queries: call.queries.slice(middle) }, asking))];
    }
    return call.queries.map(({ id }) => [id, faultOf(error)]);
  }
}

function blamesTheQuestion(error: unknown): boolean {
  return (
    statusOf(error) === 400 && /^(InvalidParameter|Validation|MissingRequired|MissingParameter)/.test(nameOf(error))
  );
}

function faultOf(error: unknown): Series {
  const denied = /^(AccessDenied|Unauthorized|NotAuthorized)/.test(nameOf(error));
  return { status: denied ? 'forbidden' : 'failed', cause: clauseOf(error), points: new Map() };
}

/** Throws what the first page throws; a later page that fails leaves what is complete by then. */
async function askPages(call: PlannedCall, asking: Asking): Promise<[string, Series][]> {
  const gathered = new Map(call.queries.map(({ id }) => [id, unanswered()]));
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
      for (const result of answer.MetricDataResults ?? []) gather(gathered, result);
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
  { start, end, queries }: PlannedCall,
  token: string | undefined,
  { client, callMs, abort }: Asking,
): Promise<GetMetricDataCommandOutput> {
  const command = new GetMetricDataCommand({
    StartTime: new Date(start),
    EndTime: new Date(end),
    MetricDataQueries: queries.map(metricDataQuery),
    ...(token === undefined ? {} : { NextToken: token }),
  });
  return limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
}

/** Without a unit: CloudWatch answers a unit that differs from the metric's with silence. */
function metricDataQuery({ id, namespace, metric, dimensions, stat, periodSeconds }: PlannedQuery) {
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
  readonly messages: MessageData[];
  readonly points: Map<EpochMs, number>;
}

function unanswered(): Answers {
  return { status: undefined, torn: false, messages: [], points: new Map() };
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

/** `fault`: the pages ended early. What the call as a whole says may concern any of its queries. */
function judge(answers: Answers, said: readonly MessageData[], fault: string | undefined): Series {
  const { points, status, torn, messages } = answers;
  const words = [...messages, ...said].map(({ Code, Value }) => [Code, Value].filter(Boolean).join(': ')).join('; ');
  const not = (worth: ReadingStatus, cause: string): Series => ({ status: worth, cause, points });
  const because = (cause: string): string => [cause, fault, words].filter(Boolean).join('; ');
  if (torn) return not('failed', 'CloudWatch answered with more times than values, or fewer');
  if (status === 'Complete') return words === '' ? { status: 'complete', points } : not('partial', words);
  if (status === 'PartialData') return not('partial', because('CloudWatch answered with PartialData'));
  if (status === 'Forbidden') return not('forbidden', because('CloudWatch answered with Forbidden'));
  if (status === 'InternalError') return not('failed', because('CloudWatch answered with InternalError'));
  return not(
    'failed',
    because(status === undefined ? 'CloudWatch did not answer to it' : `CloudWatch answered with ${status}`),
  );
}
