/** The entry of `npm start`. Only this file writes to the terminal's streams and sets the exit code. */
import { pathToFileURL } from 'node:url';
import { complain } from './complain.ts';
import { differencePicture } from './difference-picture.ts';
import { summaryJson, summaryTable } from './render.ts';
import { plainShow, type Show, silentShow, terminalShow } from './show.ts';
import { playDifference } from './signal-difference.ts';
import { differenceJson } from './signal-difference-page.ts';
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
    const { json, words, page } = await outcome(options, show, interrupt.signal);
    show.end();
    process.stdout.write(options.json ? `${json}\n` : `\n${words}\n\nThe page: ${pathToFileURL(page)}\n`);
    return 0;
  } finally {
    show.end();
    process.removeListener('SIGINT', onInterrupt);
  }
}

interface Outcome {
  readonly json: string;
  readonly words: string;
  /** Path of the page. */
  readonly page: string;
}

async function outcome(options: StartOptions, show: Show, abort: AbortSignal): Promise<Outcome> {
  const { signal } = options;
  if (signal === undefined) {
    const { summary } = await start(options, show, abort);
    return { json: summaryJson(summary), words: summaryTable(summary), page: summary.page };
  }
  const difference = await playDifference({ ...options, signal }, show, abort);
  return { json: differenceJson(difference), words: differencePicture(difference), page: difference.page };
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
