/** The entry of `npm start`. Only this file writes to the terminal's streams and sets the exit code. */
import { pathToFileURL } from 'node:url';
import { complain } from './complain.ts';
import { summaryJson, summaryTable } from './render.ts';
import { plainShow, type Show, silentShow, terminalShow } from './show.ts';
import { start } from './start-command.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';

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
    return ended(error, argv.includes('--verbose'));
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

/** What was thrown for an abort carries its reason as its cause. */
function ended(error: unknown, verbose: boolean): number {
  const fault = error instanceof Error && error.name === 'AbortError' ? (error.cause ?? error) : error;
  const code = complain(fault, process.stderr, verbose && !(fault instanceof Interrupted));
  return fault instanceof Interrupted ? INTERRUPTED : code;
}

process.exitCode = await main(process.argv.slice(2));
