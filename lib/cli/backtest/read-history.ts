/** The history of one service, from CloudWatch or from what an earlier run kept of the same question. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { groupedBy } from '../../aws/grouped.ts';
import { readPast } from '../../aws/history-metrics.ts';
import type { SignalQuery, Signals } from '../../loop/ports.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { HISTORY_FORMAT, type History, MINUTE_MS } from '../../sim/backtest/history.ts';
import { MODEL_SIGNALS } from '../../sim/backtest/model-signals.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { refusedAction } from './permissions.ts';
import { COUNT_SIGNALS, finenessQuestion, listed, questionsOf } from './questions.ts';

export interface Asked {
  readonly played: PolicyPlayed;
  readonly arn: string;
  readonly targetGroups: readonly string[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly now: EpochMs;
}

export interface Found {
  readonly history: History;
  /** True: nothing was asked of CloudWatch. */
  readonly kept: boolean;
}

/** @param folder where answers are kept; undefined: nothing is kept and nothing is looked up. Throws `BadInput`. */
export async function readHistory(
  signals: Signals,
  asked: Asked,
  folder: string,
  fresh: boolean,
  abort: AbortSignal,
): Promise<Found> {
  const queries = questionsOf(asked.played.policy, asked.targetGroups);
  const file = join(folder, fileOf(asked, queries));
  const known = fresh ? undefined : await keptIn(file);
  if (known !== undefined) return { history: known, kept: true };
  const answers = await readPast(signals, queries, { ...asked, abort });
  const [fine] = await signals.read([finenessQuestion(asked.played.policy)], asked.to, abort);
  const history = historyOf(asked, queries, answers, samplesATask(fine?.values ?? []));
  refuseMissing(asked.played, history);
  if (Object.values(history.signals).every(({ status }) => status === 'complete')) await keep(file, history);
  return { history, kept: false };
}

/** A file for each question: the service, the time, and exactly what was asked. */
function fileOf({ arn, from, to, played }: Asked, queries: readonly SignalQuery[]): string {
  const question = JSON.stringify([HISTORY_FORMAT, arn, from, to, queries.map(({ name, spec }) => [name, spec])]);
  const hash = createHash('sha256').update(question).digest('hex').slice(0, 16);
  const { cluster, service } = played.policy;
  return `${cluster}-${service}-${hash}.json`;
}

/** What cannot be read is read again from CloudWatch. */
async function keptIn(file: string): Promise<History | undefined> {
  try {
    const history: History = JSON.parse(await readFile(file, 'utf8'));
    return history.v === HISTORY_FORMAT ? history : undefined;
  } catch {
    // There is none yet, or one that was torn.
    return undefined;
  }
}

async function keep(file: string, history: History): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, JSON.stringify(history));
  await rename(`${file}.part`, file);
}

function historyOf(
  { played, from, to }: Asked,
  queries: readonly SignalQuery[],
  answers: readonly Reading[],
  perTask: number,
): History {
  const byName = new Map(queries.map(({ name }, index) => [name, answers[index]]));
  const values = (name: string) => byName.get(name)?.values ?? [];
  const samples = values(COUNT_SIGNALS.samples).map(([at, count]): Datapoint => [at, Math.round(count / perTask)]);
  const [desired, running] = [values(COUNT_SIGNALS.desired), values(COUNT_SIGNALS.running)];
  const madeBy = new Map(samples.map(([at, count]) => [at, count]));
  const signals = queries.flatMap(({ name, spec }, index) => {
    const answer = answers[index];
    if (answer === undefined || isCount(name)) return [];
    const isOfTasks = spec.averagedOverTasks && spec.source.kind === 'ecs';
    return [
      [
        name,
        isOfTasks
          ? { ...answer, values: answer.values.map((one) => withTasks(one, answer.periodSeconds, madeBy)) }
          : answer,
      ],
    ];
  });
  const { cluster, service } = played.policy;
  const common = { v: HISTORY_FORMAT, cluster, service, from, to, signals: Object.fromEntries(signals) } as const;
  if (running.length === 0) return { ...common, tasks: samples, tasksFrom: 'sampleCount' };
  return {
    ...common,
    ...(desired.length === 0 ? {} : { desired }),
    tasks: running,
    samples,
    tasksFrom: 'containerInsights',
  };
}

function isCount(name: string): boolean {
  return Object.values<string>(COUNT_SIGNALS).includes(name);
}

/** A number belongs to the tasks that made it. */
function withTasks([at, value]: Datapoint, periodSeconds: number, madeBy: ReadonlyMap<EpochMs, number>): Datapoint {
  let sum = 0;
  let minutes = 0;
  for (let minute = at - (at % MINUTE_MS); minute < at + periodSeconds * 1000; minute += MINUTE_MS) {
    const count = madeBy.get(minute);
    if (count === undefined) continue;
    sum += count;
    minutes += 1;
  }
  return minutes === 0 ? [at, value] : [at, value, sum / minutes];
}

/** Samples that one task makes in a minute: one, or three where the service has 20-second metrics. */
function samplesATask(fine: readonly Datapoint[]): number {
  const byMinute = groupedBy(fine, ([at]) => Math.floor(at / MINUTE_MS));
  const sizes = [...byMinute.values()].map((points) => points.length).sort((a, b) => a - b);
  return Math.max(1, sizes[sizes.length >> 1] ?? 1);
}

/** Throws `BadInput` with what there is; an error where it could not be read. Silence of a load balancer is an answer. */
function refuseMissing({ file, policy }: PolicyPlayed, { signals, tasks }: History): void {
  const name = nameText(policy);
  const refused = Object.values(signals).find(({ cause }) => refusedAction(cause ?? '') !== undefined);
  if (refused !== undefined) throw new Error(refused.cause);
  const cpu = signals[MODEL_SIGNALS.cpu];
  if (tasks.length === 0 && cpu?.status !== 'complete') {
    throw new Error(`CloudWatch did not tell the CPU of ${name}: ${cpu?.cause ?? 'it gave no answer'}; run it again.`);
  }
  if (tasks.length === 0 || cpu?.values.length === 0) {
    throw new BadInput(
      `--service ${name}: CloudWatch has no CPU of it for this time; name a service that ran then, or more days.`,
    );
  }
  const has = (one: string) => (signals[one]?.values.length ?? 0) > 0;
  for (const [signal, { source }] of Object.entries(policy.signals)) {
    if (has(signal)) continue;
    const { status = 'failed', cause } = signals[signal] ?? {};
    if (status === 'complete' && source.kind !== 'ecs' && source.kind !== 'cloudwatch') continue;
    const why = cause ?? 'CloudWatch has no datapoint of it';
    const others = listed(Object.keys(policy.signals).filter(has));
    throw new BadInput(`${file}, signal ${signal}: ${why}; backtest a policy without it. ${others}`);
  }
}
