#!/usr/bin/env node
/** The `schmitt` command. Only this file touches the process: its arguments, its streams, its exit code. */
import { Command, CommanderError } from 'commander';
import { BadInput } from '../policy/bad-input.ts';
import { addBacktest } from './commands/backtest.ts';
import type { AddCommand, Terminal } from './commands/command.ts';
import { addCost } from './commands/cost.ts';
import { addDecide } from './commands/decide.ts';
import { addHeadroom } from './commands/headroom.ts';
import { addOperator } from './commands/operator.ts';
import { addSchema } from './commands/schema.ts';
import { addSignals } from './commands/signals.ts';
import { addSimulate } from './commands/simulate.ts';
import { addTakeover } from './commands/takeover.ts';
import { addTune } from './commands/tune.ts';
import { addValidate } from './commands/validate.ts';
import { complain, EXIT } from './complain.ts';

const COMMANDS: readonly AddCommand[] = [
  addValidate,
  addSchema,
  addDecide,
  addSimulate,
  addTune,
  addBacktest,
  addCost,
  addSignals,
  addOperator,
  addHeadroom,
  addTakeover,
];

async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('schmitt')
    .description('A hysteresis autoscaler for Amazon ECS services.')
    .option('--verbose', 'show the stack of a fault', false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out.write(text), writeErr: () => undefined });
  for (const add of COMMANDS) {
    add(program, terminal, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return complain(error, terminal.err, argv.includes('--verbose'));
    return error.exitCode === 0 ? EXIT.done : complain(misuse(error, program, argv), terminal.err);
  }
}

/** Commander's message as a sentence of ours. */
function misuse(error: CommanderError, program: Command, argv: readonly string[]): BadInput {
  const commands = program.commands.map((command) => command.name()).join(', ');
  if (error.code === 'commander.help') return new BadInput(`No command was given; the commands are ${commands}.`);
  const text = error.message.replace(/^error: /, '').trim();
  const ended = /[.!?)]$/.test(text) ? text : `${text}.`;
  const given = argv.find((argument) => !argument.startsWith('-'));
  const known = program.commands.some((command) => command.name() === given);
  const mend = known ? `See schmitt ${given} --help.` : `See schmitt --help; the commands are ${commands}.`;
  return new BadInput(`${ended} ${mend}`, { cause: error });
}

// Whoever reads may leave, as `head` does: then there is nothing more to do, and what was found stands.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done);
  const lost = new Error(`standard output cannot be written (${error.code ?? error.message})`, { cause: error });
  process.exit(complain(lost, process.stderr));
});

process.exitCode = await main(process.argv.slice(2), { in: process.stdin, out: process.stdout, err: process.stderr });
