/** A thread of the farm: plays what it is sent, one run at a time. */
import { parentPort } from 'node:worker_threads';
import { type JobAnswer, type JobMessage, jobOf } from './farm.ts';
import { play } from './play.ts';

const answer = (message: JobAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', async (message: JobMessage) => {
  const { index } = message;
  const { scenario, contender, options } = jobOf(message);
  try {
    const onProgress = (done: number) => answer({ kind: 'progress', index, done });
    answer({ kind: 'done', index, run: await play(scenario, contender, { ...options, onProgress }) });
  } catch (fault) {
    answer({ kind: 'fault', index, fault });
  }
});
