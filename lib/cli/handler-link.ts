/** The main thread's end of the handler thread. What the handler writes goes to its log file, as it would go to CloudWatch Logs. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import type { Answer, Answered, HandlerSetup, Invocation } from './handler-messages.ts';

export interface HandlerLink {
  /** One invocation. A fault of the handler is thrown, with the handler's own stack as its cause. */
  invoke(invocation: Invocation): Promise<Answered>;
  close(): Promise<void>;
}

const CLOSE_LIMIT_MS = 2_000;

/** Nothing of this machine's own AWS configuration reaches the handler. */
const ENVIRONMENT = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

const THREAD = new URL('./handler-thread.ts', import.meta.url);

export function startHandler(setup: HandlerSetup, logFile: string, thread: URL = THREAD): HandlerLink {
  const log = createWriteStream(logFile);
  const worker = new Worker(thread, {
    workerData: setup,
    env: { ...ENVIRONMENT, AWS_REGION: setup.region, NODE_ENV: 'production' },
    stdout: true,
    stderr: true,
  });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });
  const exited = new Promise<void>((done) => worker.once('exit', () => done()));
  const broken = brokenOf(worker, log);
  return {
    async invoke(invocation) {
      broken.throwIfAborted();
      const answered = once(worker, 'message', { signal: broken }) as Promise<[Answer]>;
      worker.postMessage(invocation);
      const [answer] = await answered.catch((fault) => {
        throw broken.aborted ? broken.reason : fault;
      });
      if (answer.kind === 'report') return answer;
      const cause = new Error(answer.message);
      cause.stack = answer.stack;
      throw new Error(
        `the handler failed at ${invocation.event.scheduledAt}: ${answer.message} (its log: ${logFile})`,
        { cause },
      );
    },
    async close() {
      worker.postMessage('end');
      const limit = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS);
      await exited;
      clearTimeout(limit);
      await Promise.all([finished(worker.stdout), finished(worker.stderr)]);
      log.end();
      await finished(log).catch((fault) => {
        throw unwritten(fault);
      });
    },
  };
}

/** Aborted with the reason as soon as the thread or its log cannot go on; also by an end that was asked for, of which nobody needs to hear. */
function brokenOf(worker: Worker, log: NodeJS.EventEmitter): AbortSignal {
  const broken = new AbortController();
  worker.once('error', (error) =>
    broken.abort(new Error(`the handler thread ended: ${error.message}`, { cause: error })),
  );
  worker.once('exit', (code) => broken.abort(new Error(`the handler thread ended by itself, with code ${code}`)));
  log.once('error', (error) => {
    broken.abort(unwritten(error));
    // What nobody reads never ends, and closing waits for its end.
    for (const stream of [worker.stdout, worker.stderr]) stream.resume();
  });
  return broken.signal;
}

function unwritten(error: Error): Error {
  return new Error(`the log of the handler cannot be written: ${error.message}`, { cause: error });
}
