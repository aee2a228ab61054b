/** What `npm start` is asked for: the arguments, each checked before anything happens. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { BadInput } from '../policy/bad-input.ts';
import { numberUpTo, wholeNumber } from './arguments.ts';

/** Signals that are compared with CPU at 60 seconds; each has its policy in `examples/signals`. */
export const SIGNALS = ['cpu20', 'alb', 'sqs'] as const;
export type SignalName = (typeof SIGNALS)[number];

export interface StartOptions {
  /** Two runs instead of one: on CPU at 60 seconds, and on this signal. */
  readonly signal?: SignalName;
  /** CSV file; absent: the seeded day. */
  readonly trace?: string;
  /** Only the end of the trace, as the trace reader spells it: `90m`, `12h`, `3d`. */
  readonly last?: string;
  readonly tasksAtP95: number;
  readonly policy: string;
  /** `cluster/service`; absent: the policy has only one. */
  readonly service?: string;
  readonly seed: number;
  /** Virtual seconds for each real one; Infinity: no waiting. */
  readonly speed: number;
  readonly port: number;
  readonly out: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `help`: the words to print; nothing is to be run. */
export type StartRequest =
  | { readonly kind: 'start'; readonly options: StartOptions }
  | { readonly kind: 'help'; readonly text: string };

/** A day in a minute: one can watch it. */
const WATCHABLE = 1440;
/** What ECS allows a service. */
const MOST_TASKS = 5_000;
const LARGEST_SEED = 2 ** 32 - 1;

/** @param argv what follows `npm start --`. Throws `BadInput`. */
export function parseStartOptions(argv: readonly string[]): StartRequest {
  let help = '';
  const command = describe()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => undefined,
    });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: help };
    throw new BadInput(sentence(error.message), { cause: error });
  }
  const options = command.opts<StartOptions>();
  refuseContradictions(options, command);
  return { kind: 'start', options };
}

function refuseContradictions(options: StartOptions, command: Command): void {
  if (options.last !== undefined && options.trace === undefined) {
    throw new BadInput(
      `--last ${options.last}: there is no trace to take the end of; add --trace FILE or leave --last out.`,
    );
  }
  if (options.signal === undefined) return;
  const given = (['policy', 'service'] as const).find((name) => command.getOptionValueSource(name) === 'cli');
  if (given === undefined) return;
  throw new BadInput(
    `--signal ${options.signal} --${given} ${options[given]}: --signal plays policies of its own, from examples/signals; leave --${given} out.`,
  );
}

function describe(): Command {
  return new Command('npm start --')
    .description('Plays a policy over a workload: the real handler against a local cloud, in virtual time.')
    .helpOption('-h, --help', 'show this')
    .option('--trace <file>', 'CSV with a header timestamp_s,value (default: a day made from the seed)')
    .option('--last <span>', 'only the end of the trace: 90m, 12h, 3d')
    .option('--tasks-at-p95 <tasks>', "tasks the trace's 95th percentile keeps at 60 %", numberUpTo(MOST_TASKS), 20)
    .option('--policy <file>', 'the policy to play', 'examples/web.yaml')
    .option('--service <name>', 'cluster/service of the policy, where it has several')
    .addOption(
      new Option('--signal <name>', 'play CPU at 60 seconds and this signal on the same load').choices(SIGNALS),
    )
    .option('--seed <number>', 'start of all chance', wholeNumber(0, LARGEST_SEED), 1)
    .option('--speed <factor>', 'virtual seconds for each real one, or max', speed, WATCHABLE)
    .option('--port <number>', 'of the local cloud; 0 takes any free one', wholeNumber(0, 65_535), 0)
    .option('--out <dir>', 'folder for the page and the log of the handler', 'out')
    .option('--json', 'one JSON object on standard output and nothing else', false)
    .option('--verbose', 'show the stack of a fault', false)
    .allowExcessArguments(false);
}

function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Give a number above 0 (1440 is a day in a minute) or max.');
}

/** Commander's message as a sentence of ours. */
function sentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  const ended = /[.!?]$/.test(text) ? text : `${text}.`;
  const mend = /Give |Did you mean/.test(ended) ? '' : ' See npm start -- --help.';
  return `${ended}${mend}`;
}
