/** The entry of `npm start`. Only this file writes to the terminal's streams and sets the exit code. */
import { pathToFileURL } from 'node:url';
import { BadInput } from '../policy/bad-input.ts';
import { summaryJson, summaryTable } from './render.ts';
import { plainShow, type Show, silentShow, terminalShow } from './show.ts';
import { start } from './start-command.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';

const FAULT = 1;
const BAD_INPUT = 2;
/** As shells have it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

class Interrupted extends Error {}

async function main(argv: readonly string[]): Promise<number> {
  try {
    const request = parseStartOptions(argv);
    if (request.kind === 'start') return await run(request.options);
    process.stdout.write(request.text);
    return 0;
  } catch (error) {
    return complain(error, argv.includes('--verbose'));
  }
}

async function run(options: StartOptions): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Interrupted('stopped by Ctrl-C: no scores and no page were written'));
  process.once('SIGINT', onInterrupt);
  const show = showFor(options);
  try {
    const { summary } = await start(options, show, interrupt.signal);
    show.end();
    if (options.json) process.stdout.write(`${summaryJson(summary)}\n`);
    else process.stdout.write(`\n${summaryTable(summary)}\n\nThe page: ${pathToFileURL(summary.page)}\n`);
    return 0;
  } finally {
    show.end();
    process.removeListener('SIGINT', onInterrupt);
  }
}

function showFor({ json }: StartOptions): Show {
  if (json) return silentShow();
  return process.stdout.isTTY ? terminalShow(process.stdout) : plainShow((line) => process.stdout.write(`${line}\n`));
}

function complain(error: unknown, verbose: boolean): number {
  const cause = error instanceof Error && error.name === 'AbortError' ? (error.cause ?? error) : error;
  const fault = cause instanceof Error ? cause : new Error(String(cause));
  const isExpected = fault instanceof BadInput || fault instanceof Interrupted;
  process.stderr.write(`${fault.message.replace(/\s*\n\s*/g, ' ')}\n`);
  if (verbose && !isExpected) process.stderr.write(`${stacks(fault)}\n`);
  if (fault instanceof Interrupted) return INTERRUPTED;
  return fault instanceof BadInput ? BAD_INPUT : FAULT;
}

function stacks(fault: Error): string {
  const own = fault.stack ?? fault.message;
  return fault.cause instanceof Error ? `${own}\ncaused by: ${stacks(fault.cause)}` : own;
}

process.exitCode = await main(process.argv.slice(2));
