/**
 * The commands of whoever runs the scaler: `status`, `explain`, `history`, and the words above the policy: `pause`, `floor`, `ceiling`,
 * `set`, `mode`, `resume`. Credentials, Region and endpoints are the SDK's own business (AWS_PROFILE, AWS_REGION, …).
 */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { BadInput } from '../../policy/bad-input.ts';
import type { Override } from '../../policy/policy.ts';
import { EXIT } from '../complain.ts';
import { instantArgument } from '../instant.ts';
import { explainAt, historyOf, statusOf } from '../operator/history-commands.ts';
import { type Operator, operatorFor } from '../operator/operator.ts';
import { modeArgument, resume, say, tagArgument, tasksArgument } from '../operator/override-commands.ts';
import { shadowReportOf } from '../operator/shadow-report.ts';
import type { AddCommand, Terminal } from './command.ts';
import {
  type ShardedOptions,
  shardsArgument,
  type TableOption,
  tableArgument,
  withShards,
  withTable,
} from './operator-arguments.ts';

/** All calls of one command together. */
const TIME_LIMIT_MS = 30_000;
const MOST_ENTRIES = 1_000;

interface TagOption extends TableOption {
  readonly tag?: string;
}

interface SayOptions extends TagOption {
  readonly for: string;
  readonly reason: string;
  readonly owner: string;
}

export const addOperator: AddCommand = (program, terminal, done) => {
  const run = async (options: TableOption, ask: (operator: Operator) => Promise<string>) => {
    await answer(options, terminal, ask);
    done(EXIT.done);
  };
  addQuestions(program, run);
  addShadow(program, run);
  addWords(program, run);
};

type Run = (options: TableOption, ask: (operator: Operator) => Promise<string>) => Promise<void>;

function addQuestions(program: Command, run: Run): void {
  withTable(
    program
      .command('status')
      .description('every service, its count and its last change of mind, and the overrides in force'),
  )
    .option('--shard <id>', 'the shard to look at', '0')
    .action((options: TableOption & { readonly shard: string }) =>
      run(options, (operator) => statusOf(operator, options.shard)),
    );
  withTable(program.command('explain <service>').description('why is it at this count, and why did it not scale then?'))
    .option('--at <time>', 'an ISO time, as in 2026-11-18T14:05:00Z (default: now)')
    .action((service: string, options: TableOption & { readonly at?: string }) =>
      run(options, (operator) =>
        explainAt(
          operator,
          service,
          options.at === undefined ? operator.clock.now() : instantArgument('--at', options.at),
        ),
      ),
    );
  withTable(program.command('history <service>').description('every change of mind, newest first'))
    .option('--since <duration>', 'how far to look back', '24h')
    .option('--limit <entries>', 'at most so many', '100')
    .action((service: string, options: TableOption & { readonly since: string; readonly limit: string }) =>
      run(options, (operator) => historyOf(operator, service, { since: options.since, limit: limitOf(options.limit) })),
    );
}

/** What a shadow would have done, beside what was done. */
function addShadow(program: Command, run: Run): void {
  const command = program
    .command('shadow <service>')
    .description('what its shadow would have done: minutes overloaded and task-hours');
  withShards(withTable(command))
    .option(
      '--price <dollars>',
      "of a task-hour (default: the size in the task definition at Fargate's list price in us-east-1)",
    )
    .action((service: string, options: ShardedOptions & { readonly price?: string }) =>
      run(options, (operator) =>
        shadowReportOf(operator, service, {
          shards: shardsArgument(options.shards),
          ...(options.price === undefined ? {} : { price: options.price }),
        }),
      ),
    );
}

function addWords(program: Command, run: Run): void {
  const spoken = (name: string, argument: string, does: string, set: (text: string) => Override['set']) => {
    const value = argument === '' ? '' : ` <${argument}>`;
    const command = program
      .command(name)
      .argument(argument === '' ? '[service]' : '<words...>', `<service>${value}, or${value} with --tag`)
      .usage(`<service>${value} [options]\n       schmitt ${name}${value} --tag <key=value> [options]`)
      .description(does);
    withTag(withTable(command))
      .requiredOption('--for <duration>', 'when it ends by itself, as in 2h')
      .requiredOption('--reason <words>', 'for whoever finds it')
      .option('--owner <name>', 'who says so', userInfo().username)
      .action((given: string | readonly string[] | undefined, options: SayOptions) => {
        const words = given === undefined ? [] : typeof given === 'string' ? [given] : given;
        const { scope, text } = spokenOf(words, argument, options.tag);
        const { for: duration, reason, owner } = options;
        return run(options, (operator) => say(operator, { scope, set: set(text), for: duration, reason, owner }));
      });
  };
  spoken('pause', '', 'leave the count alone', () => ({ kind: 'pause' }));
  spoken('floor', 'tasks', 'never fewer than this', (text) => ({ kind: 'floor', tasks: tasksArgument(text) }));
  spoken('ceiling', 'tasks', 'never more than this', (text) => ({ kind: 'ceiling', tasks: tasksArgument(text) }));
  spoken('set', 'tasks', 'exactly this count', (text) => ({ kind: 'exact', tasks: tasksArgument(text) }));
  spoken('mode', 'mode', 'act, shadow or off', (text) => ({ kind: 'mode', mode: modeArgument(text) }));
  const command = program
    .command('resume')
    .argument('[service]', 'cluster/service, * or the id of an override')
    .description('end what was said above a service or a tag, or the override with this id');
  withTag(withTable(command)).action((what: string | undefined, options: TagOption) => {
    const { scope } = spokenOf(what === undefined ? [] : [what], '', options.tag);
    return run(options, (operator) => resume(operator, scope));
  });
}

/** The scope and what is said of it: the scope is the first word, or the tag. */
function spokenOf(
  words: readonly string[],
  argument: string,
  tag: string | undefined,
): { scope: string; text: string } {
  const [scope, text = '', ...more] = tag === undefined ? words : [tagArgument(tag), ...words];
  if (scope === undefined) throw new BadInput('No service is named; write cluster/service, or --tag key=value.');
  const expected = argument === '' ? 0 : 1;
  if (more.length > 0 || (text !== '' && expected === 0))
    throw new BadInput(
      tag === undefined
        ? `There is a word too many, '${words.at(-1)}'; write one service, or --tag key=value.`
        : `SERVICE is '${words[0]}' beside --tag; keep one of them.`,
    );
  if (expected === 1 && text === '')
    throw new BadInput(`${argument.toUpperCase()} is missing; write it after the service, or beside --tag.`);
  return { scope, text };
}

function withTag(command: Command): Command {
  return command.option('--tag <key=value>', 'instead of a service: every service that carries this tag');
}

async function answer(
  options: TableOption,
  terminal: Terminal,
  ask: (operator: Operator) => Promise<string>,
): Promise<void> {
  const tableName = tableArgument(options.table);
  const operator = operatorFor({ tableName, abort: AbortSignal.timeout(TIME_LIMIT_MS) });
  try {
    terminal.out.write(`${await ask(operator)}\n`);
  } finally {
    operator.close();
  }
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_ENTRIES) return limit;
  throw new BadInput(`--limit is '${text}'; give a whole number from 1 to ${MOST_ENTRIES}.`);
}
