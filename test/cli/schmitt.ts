/** The `schmitt` command as a person or a pipe runs it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { LocalCloud } from '../../lib/local/cloud.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string>>;

/** The shell of an operator who works on the local cloud. */
export function shellFor({ endpoint, dynamoEndpoint }: LocalCloud): Variables {
  return {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_DYNAMODB: dynamoEndpoint },
  };
}

function spawned(args: readonly string[], variables: Variables = {}): ChildProcessWithoutNullStreams {
  const env = { ...process.env, ...variables };
  return spawn(process.execPath, [join(ROOT, 'lib/cli/main.ts'), ...args], { cwd: ROOT, timeout: 120_000, env });
}

/** Runs it to its end. */
export function schmitt(
  args: readonly string[],
  input: string | Buffer = '',
  variables: Variables = {},
): Promise<Ended> {
  const child = spawned(args, variables);
  return new Promise((resolved, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolved({ exitCode, stdout, stderr }));
    // It may end before it has read everything: its exit code says what there is to say.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** A conversation with `decide --stream`: each line is sent after the answer to the one before it. */
export interface Conversation {
  ask(line: unknown): Promise<Answer>;
  end(): Promise<number | null>;
  /** Stops reading answers, as `head` does. */
  leave(): void;
  /** Sends a line that nobody waits for an answer to, and waits for the exit code. */
  exitsOn(line: unknown): Promise<number | null>;
}

export interface Answer {
  readonly decision: { readonly action: string; readonly from: number; readonly to: number };
  readonly sentence: string;
  readonly reasons: readonly { readonly kind: string }[];
  readonly state: unknown;
  readonly error?: string;
}

export function conversation(args: readonly string[]): Conversation {
  const child = spawned(['decide', ...args, '--stream']);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const closed = new Promise<number | null>((resolved) => child.on('close', resolved));
  // A line to a process that has ended is lost, and so is its answer: `ask` and the exit code tell.
  child.stdin.on('error', () => undefined);
  const send = (line: unknown) => child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  return {
    async ask(line) {
      send(line);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the stream ended without an answer');
      return JSON.parse(value) as Answer;
    },
    end() {
      child.stdin.end();
      return closed;
    },
    leave() {
      child.stdout.destroy();
    },
    exitsOn(line) {
      send(line);
      return closed;
    },
  };
}
