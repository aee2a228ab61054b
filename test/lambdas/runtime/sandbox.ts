/** A function as Lambda runs it: sandboxes that poll a Runtime API for invocations, one at a time each, killed when their time is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { close, listen } from '../../aws/wire.ts';
import { runtimeClient } from './ric.ts';

const REGION = 'us-east-1';

export interface FunctionOptions {
  /** Holds `index.mjs`. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export type Invoked = {
  readonly pid: number;
  /** From the start of the process to its first question for work; absent: it was warm. */
  readonly initMs?: number;
  readonly durationMs: number;
} & (
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly error: { readonly errorType: string; readonly errorMessage: string } }
  /** The process was killed at the time limit. */
  | { readonly kind: 'timedOut' }
  /** The process ended before it answered. */
  | { readonly kind: 'crashed' }
);

export interface LambdaFunction {
  /** In a sandbox that is idle, else in a new one. */
  invoke(event: unknown): Promise<Invoked>;
  /** Of the sandboxes that live. */
  pids(): readonly number[];
  close(): Promise<void>;
}

export function lambdaFunction(options: FunctionOptions): LambdaFunction {
  const sandboxes = new Set<Sandbox>();
  return {
    async invoke(event) {
      const sandbox = [...sandboxes].find(({ isIdle }) => isIdle) ?? (await Sandbox.start(options));
      sandboxes.add(sandbox);
      const invoked = await sandbox.invoke(event);
      if (invoked.kind === 'timedOut' || invoked.kind === 'crashed') {
        sandboxes.delete(sandbox);
        await sandbox.close();
      }
      return invoked;
    },
    pids: () => [...sandboxes].map(({ pid }) => pid),
    async close() {
      await Promise.all([...sandboxes].map((sandbox) => sandbox.close()));
    },
  };
}

type Ending = Pick<Invoked, 'kind'> & { readonly body?: string };

class Sandbox {
  static async start(options: FunctionOptions): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    const client = runtimeClient();
    const api = await listen(sandbox.#server);
    sandbox.#startedAt = performance.now();
    sandbox.#process = spawn(process.execPath, [client, 'index.handler'], {
      cwd: options.folder,
      stdio: process.env.LAMBDA_LOG === undefined ? 'ignore' : 'inherit',
      env: environmentOf(options, new URL(api).host),
    });
    sandbox.#process.once('exit', () => sandbox.#end({ kind: 'crashed' }));
    return sandbox;
  }

  isIdle = true;
  readonly #options: FunctionOptions;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #process: ChildProcess | undefined;
  #startedAt = 0;
  #initMs: number | undefined;
  /** The runtime's open question for work. */
  #waiting: ServerResponse | undefined;
  #work: { readonly id: string; readonly event: string } | undefined;
  #end: (ending: Ending) => void = () => undefined;

  private constructor(options: FunctionOptions) {
    this.#options = options;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async invoke(event: unknown): Promise<Invoked> {
    this.isIdle = false;
    const isCold = this.#initMs === undefined;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.#end = resolve;
    this.#work = { id: randomUUID(), event: JSON.stringify(event) };
    const began = performance.now();
    this.#hand();
    const limit = setTimeout(() => resolve({ kind: 'timedOut' }), this.#options.timeoutMs);
    const { kind, body = '' } = await promise;
    clearTimeout(limit);
    this.isIdle = true;
    const initMs = isCold && this.#initMs !== undefined ? { initMs: this.#initMs } : {};
    const ended = { pid: this.pid, ...initMs, durationMs: performance.now() - began };
    if (kind === 'answered') return { ...ended, kind, answer: JSON.parse(body) };
    return kind === 'failed' ? { ...ended, kind, error: JSON.parse(body) } : { ...ended, kind };
  }

  async close(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await close(this.#server);
  }

  /** The Runtime API, as far as the client asks it. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      this.#initMs ??= performance.now() - this.#startedAt;
      this.#waiting = response;
      this.#hand();
      return;
    }
    const body = await text(request);
    response.writeHead(202).end('{}');
    this.#end({ kind: path.endsWith('/response') ? 'answered' : 'failed', body });
  }

  /** Gives the runtime its work when it has asked and there is some. */
  #hand(): void {
    const [response, work] = [this.#waiting, this.#work];
    if (response === undefined || work === undefined) return;
    this.#waiting = undefined;
    this.#work = undefined;
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': work.id,
      'lambda-runtime-deadline-ms': String(Date.now() + this.#options.timeoutMs),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:${REGION}:123456789012:function:Schmitt-Tick`,
      'lambda-runtime-trace-id': 'Root=1-691ecd00-0123456789abcdef01234567;Sampled=0',
    });
    response.end(work.event);
  }
}

function environmentOf({ folder, variables }: FunctionOptions, api: string) {
  return {
    ...{ PATH: process.env.PATH, TZ: ':UTC', AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
    ...{
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    },
    ...{ AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: folder, _HANDLER: 'index.handler' },
    ...{ AWS_LAMBDA_FUNCTION_NAME: 'Schmitt-Tick', AWS_LAMBDA_FUNCTION_VERSION: '$LATEST' },
    ...{ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512', AWS_LAMBDA_LOG_GROUP_NAME: 'tick', AWS_LAMBDA_LOG_STREAM_NAME: '1' },
    ...variables,
  };
}
