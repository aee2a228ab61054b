/** The sample service as ECS would run it: real processes, a small balancer before them, and a service port that starts and stops them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Services } from '../../lib/loop/ports.ts';
import { close, listen } from '../aws/wire.ts';

const SERVER = resolve(import.meta.dirname, '../../examples/web-service/service/server.ts');

interface Task {
  readonly process: ChildProcess;
  readonly port: number;
  /** Requests that the balancer sent there and that have no answer yet. */
  open: number;
}

export interface Fleet {
  readonly endpoint: string;
  readonly services: Services;
  readonly count: () => number;
  /** Of each process that was stopped: its exit code, and how many requests had no answer yet when it was told to stop. */
  readonly stopped: { readonly code: number | null; readonly open: number }[];
  /** Requests to the balancer so far, and those that did not end with 200. */
  readonly served: { requests: number; lost: number };
  close(): Promise<void>;
}

export async function startFleet(count: number): Promise<Fleet> {
  const targets: Task[] = [];
  const stopped: Fleet['stopped'] = [];
  const stopping: Promise<void>[] = [];
  const served = { requests: 0, lost: 0 };
  let next = 0;

  const balancer: Server = createServer((incoming, outgoing) => {
    served.requests += 1;
    const target = targets[next++ % targets.length];
    const fail = () => {
      served.lost += 1;
      outgoing.writeHead(502).end();
    };
    if (target === undefined) return fail();
    target.open += 1;
    const asked = request({ host: '127.0.0.1', port: target.port, path: incoming.url, agent: false }, (answer) => {
      target.open -= 1;
      if (answer.statusCode !== 200) served.lost += 1;
      outgoing.writeHead(answer.statusCode ?? 502);
      answer.pipe(outgoing);
    });
    asked.on('error', fail);
    return asked.end();
  });

  async function scaleTo(desired: number): Promise<void> {
    const started = await Promise.all(Array.from({ length: Math.max(0, desired - targets.length) }, startTask));
    targets.push(...started);
    // As ECS does it: first nothing new is sent there, then it is told to stop.
    for (const task of targets.splice(desired)) stopping.push(stopTask(task).then((one) => void stopped.push(one)));
  }

  await scaleTo(count);
  return {
    endpoint: await listen(balancer),
    count: () => targets.length,
    stopped,
    served,
    services: {
      async describe(names) {
        const counts = { desired: targets.length, running: targets.length, pending: 0, deploying: false };
        return names.map(({ cluster, service }) => ({
          ...{ kind: 'found', status: 'ACTIVE', schedulingStrategy: 'REPLICA', ...counts },
          arn: `arn:aws:ecs:eu-west-1:123456789012:service/${cluster}/${service}`,
        }));
      },
      async setDesiredCount(_service, desired) {
        await scaleTo(desired);
        return { kind: 'accepted' };
      },
    },
    async close() {
      await scaleTo(0);
      await Promise.all(stopping);
      if (balancer.listening) await close(balancer);
    },
  };
}

/** Resolves when the process says that it is ready. */
async function startTask(): Promise<Task> {
  const env = { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', DRAIN_MS: '0', WORK_MS: '30' };
  const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = Promise.withResolvers<number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line);
    if (said.message === 'ready') ready.resolve(said.port);
  });
  child.once('exit', (code) => ready.reject(new Error(`the service ended with ${code} before it was ready`)));
  return { process: child, port: await ready.promise, open: 0 };
}

async function stopTask({ process: child, open }: Task): Promise<Fleet['stopped'][number]> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  return { code: code as number | null, open };
}
