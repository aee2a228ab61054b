/** The history of one service, from CloudWatch or from what an earlier run kept of the same question. */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { groupedBy } from '../../aws/grouped.ts';
import { readPast } from '../../aws/history-metrics.ts';
import type { SignalQuery, Signals } from '../../loop/ports.ts';
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { HISTORY_FORMAT, type History, MINUTE_MS } from '../../sim/backtest/history.ts';
import { makeOutFolder } from '../out-folder.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { COUNT_SIGNALS, finenessQuestion, questionsOf } from './questions.ts';
import { refuseMissing, refuseUntold } from './refuse-missing.ts';

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

/** @param folder where answers are kept. Throws `BadInput`. */
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
  await makeOutFolder(dirname(file));
  const fineness = finenessQuestion(asked.played.policy);
  const [fine] = await signals.read([fineness], asked.now, abort);
  const answers = await readPast(signals, queries, { ...asked, abort });
  refuseUntold([fineness, ...queries], [fine, ...answers]);
  const history = historyOf(asked, queries, answers, samplesATask(fine?.values ?? []));
  refuseMissing(asked.played, history);
  if (Object.values(history.signals).every(({ status }) => status === 'complete')) await keep(file, history);
  return { history, kept: false };
}

/** A file for each question: the service with its load balancers, the time, and exactly what was asked. */
function fileOf({ arn, targetGroups, from, to, played }: Asked, queries: readonly SignalQuery[]): string {
  const questions = queries.map(({ name, spec }) => [name, spec]);
  const question = JSON.stringify([HISTORY_FORMAT, arn, targetGroups, from, to, questions]);
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
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, JSON.stringify(history));
  await rename(part, file);
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
