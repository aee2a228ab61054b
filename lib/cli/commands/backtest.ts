/** `schmitt backtest`: what a policy would have done over a service's own history, against what really happened. Reads only. */
import { join, resolve } from 'node:path';
import { clauseOf } from '../../aws/call.ts';
import { awsClients } from '../../aws/clients.ts';
import { readScaling, type Span } from '../../aws/scaling.ts';
import { awsServices } from '../../aws/services.ts';
import { awsSignals } from '../../aws/signals/signals.ts';
import { systemClock } from '../../aws/system-clock.ts';
import { readTaskFacts } from '../../aws/task-facts.ts';
import type { DescribedService } from '../../loop/ports.ts';
import type { ServiceScaling } from '../../policy/application-auto-scaling.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { EpochMs, ServiceName } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Backtested } from '../../report/backtest/backtested.ts';
import { renderBacktestPage } from '../../report/backtest/page.ts';
import { backtest } from '../../sim/backtest/backtest.ts';
import { givenOnce, numberUpTo, wholeNumber } from '../arguments.ts';
import { ownLoad } from '../backtest/own-load.ts';
import { explained } from '../backtest/permissions.ts';
import { refuseWithoutHistory } from '../backtest/questions.ts';
import { readHistory } from '../backtest/read-history.ts';
import { refusal, reportJson, reportText } from '../backtest/render.ts';
import { EXIT } from '../complain.ts';
import { instantArgument } from '../instant.ts';
import { serviceArgument } from '../operator/service-argument.ts';
import { checkOutFile, writeOutFile } from '../out-file.ts';
import { checkOutFolder } from '../out-folder.ts';
import { readPolicy } from '../policy-file.ts';
import { manifest } from '../simulate/assumptions.ts';
import { givenPrice, taskPriceOf } from '../task-price.ts';
import type { AddCommand, Terminal } from './command.ts';

interface Options {
  readonly service: string;
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
/** All calls of one run together. */
const TIME_LIMIT_MS = 600_000;
/** A page of two weeks takes longer than a tick would wait, and whoever asks for weeks meets CloudWatch's limits sooner. */
const PATIENCE = { attempts: 6, connectMs: 5_000, attemptMs: 20_000, callMs: 60_000 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The newest datapoints may still change. */
const SETTLES_MS = 5 * 60_000;

export const addBacktest: AddCommand = (program, terminal, done) => {
  program
    .command('backtest')
    .description("replay a policy over a service's own CloudWatch history, against what really happened; reads only")
    .requiredOption('--service <name>', 'cluster/service, as in prod/checkout')
    .requiredOption('--policy <file>', 'the policy', givenOnce)
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
    .option('--json', 'one JSON object on standard output and nothing else', false)
    .option('--html <file>', 'write the report as one page')
    .option('--load <file>', 'write its own load as a trace for schmitt simulate and schmitt tune')
    .action(async (options: Options) => done(await run(options, terminal)));
};

async function run(options: Options, terminal: Terminal): Promise<number> {
  await checkOutFiles(options);
  const told = await tell(options, watcher(terminal.err)).catch((error) => {
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
  out.write(
    `Load: ${file}\nPlay it: schmitt simulate --policy ${policyFile} --trace ${file} --tasks-at-p95 ${tasksAtP95}\n`,
  );
}

/** Says what is being done where somebody watches; a log needs only the end. */
function watcher(stream: Terminal['err'] & { readonly isTTY?: boolean }): (doing: string) => void {
  return (doing) => {
    if (stream.isTTY === true) stream.write(`${doing} …\n`);
  };
}

async function tell(options: Options, doing: (what: string) => void): Promise<Backtested> {
  const name = serviceArgument(options.service, '--service');
  const played = await readPolicy(options.policy, options.service);
  refuseWithoutHistory(played);
  const now = systemClock.now();
  const to = endOf(options.until, now);
  await checkOutFolder(options.out);
  const abort = AbortSignal.timeout(TIME_LIMIT_MS);
  const clients = awsClients({ limits: PATIENCE });
  try {
    doing(`Asking what scales ${options.service}`);
    const { arn, targetGroups = [] } = await described(awsServices(clients), name, abort);
    const span = { from: to - options.days * DAY_MS, to };
    const scaling = await scalingOf(name, abort, span);
    const asked = { played, arn, targetGroups, ...span, now };
    const folder = join(options.out, 'backtest');
    doing(`Reading ${options.days} days of ${options.service} from CloudWatch`);
    const { history } = await readHistory(awsSignals(clients), asked, folder, options.fresh, abort);
    const price =
      options.price === undefined ? taskPriceOf(await readTaskFacts(clients, name, abort)) : givenPrice(options.price);
    doing('Replaying what scaled it, and then the policy');
    const outcome = backtest(history, played.policy, scaling);
    const { policy, file: policyFile, text: policyText } = played;
    const { version } = manifest();
    return { history, outcome, price, policy, policyFile, policyText, version };
  } finally {
    clients.close();
  }
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

async function scalingOf(name: ServiceName, abort: AbortSignal, span: Span): Promise<ServiceScaling> {
  return readScaling(name, { limits: PATIENCE }, abort, span).catch((cause) => {
    const said = clauseOf(cause);
    throw new Error(`AWS did not tell what scales ${nameText(name)}: ${unended(said)}; run it again.`, { cause });
  });
}

async function described(
  services: ReturnType<typeof awsServices>,
  name: ServiceName,
  abort: AbortSignal,
): Promise<DescribedService> {
  const [found] = await services.describe([name], abort);
  if (found?.kind === 'found') return found;
  const cause = unended(found?.cause ?? 'it gave no answer');
  const service = nameText(name);
  if (found?.kind === 'missing') {
    throw new BadInput(`--service ${service}: ${cause}; check the name, the Region and the account.`);
  }
  throw new Error(`ECS did not describe ${service}: ${cause}; check the credentials, the Region and the network.`);
}

/** As a clause of a longer sentence. */
function unended(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
