/** `schmitt backtest`: what policies would have done over the services' own history, against what really happened. Reads only. */
import { resolve } from 'node:path';
import { systemClock } from '../../aws/system-clock.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Backtested } from '../../report/backtest/backtested.ts';
import { renderBacktestPage } from '../../report/backtest/page.ts';
import { givenOnce, numberUpTo, wholeNumber } from '../arguments.ts';
import { BadService } from '../backtest/bad-service.ts';
import { backtestOf, type Question } from '../backtest/one-service.ts';
import { isRanked, overviewJson, overviewText, type Told } from '../backtest/overview.ts';
import { ownLoad } from '../backtest/own-load.ts';
import { explained } from '../backtest/permissions.ts';
import { refuseWithoutHistory } from '../backtest/questions.ts';
import { refusal, reportJson, reportText } from '../backtest/render.ts';
import { EXIT } from '../complain.ts';
import { instantArgument } from '../instant.ts';
import { serviceArgument } from '../operator/service-argument.ts';
import { checkOutFile, writeOutFile } from '../out-file.ts';
import { checkOutFolder } from '../out-folder.ts';
import { type PolicyPlayed, readPolicies, readPolicy } from '../policy-file.ts';
import type { AddCommand, Terminal } from './command.ts';

interface Options {
  readonly service?: string;
  readonly policy: string;
  readonly days: number;
  readonly until?: string;
  readonly price?: number;
  readonly out: string;
  readonly fresh: boolean;
  readonly json: boolean;
  readonly html?: string;
  readonly load?: string;
}

const LONGEST_DAYS = 63;
const MOST_DOLLARS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The newest datapoints may still change. */
const SETTLES_MS = 5 * 60_000;

export const addBacktest: AddCommand = (program, terminal, done) => {
  program
    .command('backtest')
    .description("replay policies over the services' own CloudWatch history, against what really happened; reads only")
    .requiredOption('--policy <file>', 'the policy', givenOnce)
    .option('--service <name>', 'cluster/service, as in prod/checkout (default: each that the policy names)', givenOnce)
    .option(
      '--days <count>',
      'how far back: a minute apart for 15 days, five minutes up to 63',
      wholeNumber(1, LONGEST_DAYS),
      14,
    )
    .option('--until <time>', 'where it ends, an ISO time, on the full hour (default: the last one)')
    .option(
      '--price <dollars>',
      "of a task-hour (default: the size in the task definition at Fargate's list price in us-east-1)",
      numberUpTo(MOST_DOLLARS),
    )
    .option('--out <dir>', 'folder in which what was read is kept', 'out')
    .option('--fresh', 'read again what an earlier run has kept', false)
    .option('--json', 'one JSON value on standard output and nothing else', false)
    .option('--html <file>', 'write the report as one page')
    .option('--load <file>', 'write its own load as a trace for schmitt simulate and schmitt tune')
    .action(async (options: Options) => done(await run(options, terminal)));
};

async function run(options: Options, terminal: Terminal): Promise<number> {
  await checkOutFiles(options);
  const policies = await policiesOf(options);
  const [played] = policies;
  if (played === undefined || policies.length > 1) return runSeveral(options, policies, terminal);
  refuseWithoutHistory(played);
  return runOne(options, await questionOf(options), played, terminal);
}

async function policiesOf({ policy, service }: Options): Promise<readonly PolicyPlayed[]> {
  if (service === undefined) return readPolicies(policy);
  serviceArgument(service, '--service');
  return [await readPolicy(policy, service)];
}

async function runOne(options: Options, question: Asked, played: PolicyPlayed, terminal: Terminal): Promise<number> {
  const told = await backtestOf({ ...question, played }, watcher(terminal.err)).catch((error) => {
    throw explained(error);
  });
  if (options.html !== undefined) await writeOutFile('--html', options.html, renderBacktestPage(told));
  terminal.out.write(`${options.json ? reportJson(told) : reportText(told)}\n`);
  if (options.html !== undefined && !options.json) terminal.out.write(`Page: ${options.html}\n`);
  if (options.load !== undefined) await writeLoad(options.load, told, options.json ? terminal.err : terminal.out);
  if (told.outcome.kind === 'ranked') return EXIT.done;
  if (options.json) terminal.err.write(`${refusal(told.outcome.why)}\n`);
  return EXIT.fault;
}

/** One after the other: they share CloudWatch's limits. What fails of one service is told of it, and the others go on. */
async function runSeveral(options: Options, policies: readonly PolicyPlayed[], terminal: Terminal): Promise<number> {
  const single = options.html !== undefined ? '--html' : options.load !== undefined ? '--load' : undefined;
  if (single !== undefined) {
    const names = policies.map(({ policy }) => nameText(policy)).join(', ');
    throw new BadInput(`${single} shows one service, and ${options.policy} names ${names}; say which with --service.`);
  }
  const question = await questionOf(options);
  const doing = watcher(terminal.err);
  const all: Told[] = [];
  for (const [index, played] of policies.entries()) {
    doing(`${index + 1} of ${policies.length}: ${nameText(played.policy)}`);
    all.push(await toldOf({ ...question, played }));
  }
  terminal.out.write(`${options.json ? overviewJson(all) : overviewText(all, options.days)}\n`);
  return all.every(isRanked) ? EXIT.done : EXIT.fault;
}

async function toldOf(question: Question): Promise<Told> {
  const { policy } = question.played;
  const name = { cluster: policy.cluster, service: policy.service };
  try {
    refuseWithoutHistory(question.played);
    return { name, told: await backtestOf(question, () => undefined) };
  } catch (error) {
    return { name, failed: sentenceOf(explained(error)) };
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof BadService) return error.sentence;
  return error instanceof Error ? error.message : String(error);
}

type Asked = Omit<Question, 'played'>;

/** What is asked of every service. Throws `BadInput`. */
async function questionOf({ days, until, price, out, fresh }: Options): Promise<Asked> {
  const now = systemClock.now();
  const to = endOf(until, now);
  await checkOutFolder(out);
  return { from: to - days * DAY_MS, to, now, folder: out, fresh, ...(price === undefined ? {} : { price }) };
}

async function checkOutFiles({ html, load, policy }: Options): Promise<void> {
  if (html !== undefined) await checkOutFile('--html', html, [policy]);
  if (load !== undefined) await checkOutFile('--load', load, [policy]);
  if (html !== undefined && load !== undefined && resolve(html) === resolve(load)) {
    throw new BadInput(`--load ${load}: --html writes there too; name another file.`);
  }
}

/** The trace, and what plays it at its real size. */
async function writeLoad(file: string, { history, policyFile }: Backtested, out: Terminal['out']): Promise<void> {
  const { csv, tasksAtP95 } = ownLoad(history);
  if (tasksAtP95 === null) {
    out.write(`Load: none is known, so ${file} was not written.\n`);
    return;
  }
  await writeOutFile('--load', file, csv);
  const service = nameText(history);
  out.write(
    `Load: ${file}\nPlay it: schmitt simulate --policy ${policyFile} --service ${service} --trace ${file} --tasks-at-p95 ${tasksAtP95}\n`,
  );
}

/** Says what is being done where somebody watches; a log needs only the end. */
function watcher(stream: Terminal['err'] & { readonly isTTY?: boolean }): (doing: string) => void {
  return (doing) => {
    if (stream.isTTY === true) stream.write(`${doing} …\n`);
  };
}

/** A full hour that is settled: nothing is kept that could still change, and a second run within the hour finds what the first one kept. */
function endOf(until: string | undefined, now: EpochMs): EpochMs {
  const at = until === undefined ? now : instantArgument('--until', until);
  if (at > now) throw new BadInput(`--until ${until} lies in the future; name a time that is over.`);
  if (at <= now - LONGEST_DAYS * DAY_MS) {
    throw new BadInput(
      `--until ${until} lies before the ${LONGEST_DAYS} days that CloudWatch keeps; name a later time.`,
    );
  }
  return Math.floor(Math.min(at, now - SETTLES_MS) / HOUR_MS) * HOUR_MS;
}
