/**
 * Many runs on several cores: a thread each, a run at a time. The load of a scenario is shared, not copied; a run leaves nothing behind
 * but its scores and, where one is wanted, its picture.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type SampledLoad, sampledLoad } from '../load.ts';
import type { Contender } from './contender.ts';
import type { PlayOptions, Run } from './play.ts';
import type { Scenario } from './scenario.ts';

export interface Job {
  readonly scenario: Scenario;
  readonly contender: Contender;
  readonly options: Pick<PlayOptions, 'seed' | 'picturePoints'>;
}

export interface FarmOptions {
  /** Default: as many as the machine has cores, at most the number of jobs. */
  readonly threads?: number;
  /** Jobs done so far, parts of those under way too. */
  readonly onProgress?: (done: number) => void;
  readonly abort?: AbortSignal;
}

/** A run keeps little for long, so that a thread does without much room; what it may take bounds the whole. */
const ROOM = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 };

/** To a thread. A load's functions stay here; its numbers are shared. */
export interface JobMessage extends Omit<Job, 'scenario'> {
  readonly index: number;
  readonly scenario: Omit<Scenario, 'plant'> & { readonly plant: Omit<Scenario['plant'], 'load'> };
  readonly load: Pick<SampledLoad, 'name' | 'startsAt' | 'stepSeconds' | 'values'>;
}

/** From a thread. */
export type JobAnswer =
  | { readonly kind: 'progress'; readonly index: number; readonly done: number }
  | { readonly kind: 'done'; readonly index: number; readonly run: Run }
  | { readonly kind: 'fault'; readonly index: number; readonly fault: unknown };

/** In the order of the jobs. Rejects with the first fault, or with the abort's reason; then every thread has ended. */
export async function playAll(jobs: readonly Job[], options: FarmOptions = {}): Promise<readonly Run[]> {
  const { onProgress, abort } = options;
  abort?.throwIfAborted();
  const threads = Math.min(options.threads ?? availableParallelism(), jobs.length);
  const shared = new SharedLoads();
  const runs: Run[] = [];
  const parts = new Float64Array(jobs.length);
  let next = 0;
  const workers = Array.from({ length: threads }, startThread);
  const take = (): JobMessage | undefined => {
    const index = next++;
    const job = jobs[index];
    return job === undefined ? undefined : shared.messageOf(job, index);
  };
  const note = (index: number, part: number) => {
    parts[index] = part;
    onProgress?.(parts.reduce((sum, one) => sum + one, 0));
  };
  try {
    await Promise.all(
      workers.map((worker) =>
        work(worker, take, abort, (answer) => {
          if (answer.kind === 'progress') note(answer.index, answer.done);
          else {
            runs[answer.index] = answer.run;
            note(answer.index, 1);
          }
        }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return runs;
}

function startThread(): Worker {
  return new Worker(new URL('./farm-worker.ts', import.meta.url), { resourceLimits: ROOM });
}

/** Gives a thread one job after the other; settles when there is none left. */
function work(
  worker: Worker,
  take: () => JobMessage | undefined,
  abort: AbortSignal | undefined,
  tell: (answer: Exclude<JobAnswer, { kind: 'fault' }>) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const goOn = () => {
      const message = take();
      if (message === undefined) resolve();
      else worker.postMessage(message);
    };
    worker.on('message', (answer: JobAnswer) => {
      if (answer.kind === 'fault') return reject(answer.fault);
      tell(answer);
      if (answer.kind === 'done') goOn();
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('a thread ended in the middle of its work')));
    abort?.addEventListener('abort', () => reject(abort.reason), { once: true });
    goOn();
  });
}

/** The numbers of each load once in memory that all threads see. */
class SharedLoads {
  private readonly byLoad = new Map<SampledLoad, JobMessage['load']>();

  messageOf({ scenario, contender, options }: Job, index: number): JobMessage {
    const { load, ...plant } = scenario.plant;
    return { index, contender, options, scenario: { ...scenario, plant }, load: this.shared(load) };
  }

  private shared(load: SampledLoad): JobMessage['load'] {
    const known = this.byLoad.get(load);
    if (known !== undefined) return known;
    const { name, startsAt, stepSeconds } = load;
    const values = new Float64Array(new SharedArrayBuffer(load.values.byteLength));
    values.set(load.values);
    const own = { name, startsAt, stepSeconds, values };
    this.byLoad.set(load, own);
    return own;
  }
}

/** The job again, on the thread's side. */
export function jobOf({ scenario, contender, options, load }: JobMessage): Job {
  const { name, startsAt, stepSeconds, values } = load;
  const own = sampledLoad(name, startsAt, stepSeconds, values);
  return { contender, options, scenario: { ...scenario, plant: { ...scenario.plant, load: own } } };
}
