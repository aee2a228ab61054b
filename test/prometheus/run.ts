/**
 * Signals from a real Prometheus: `npm run test:prometheus`. Needs the Debian package `prometheus` (or `$PROMETHEUS`, the path of its
 * binary), so it is no part of `npm test`. Each chapter has a Prometheus of its own, since most of the time is waiting for samples.
 * Prints one line a story and `N passed, N failed`; exit 1 where one failed.
 */
import { tellEach, tellEnd } from '../support/tell-each.ts';
import type { Stories } from './asking.ts';
import { CANARY } from './canary.stories.ts';
import { COUNTING } from './counting.stories.ts';
import { DOORS } from './doors.stories.ts';
import { startPrometheus } from './prometheus.ts';
import { STALE } from './stale.stories.ts';

/** How many failed. */
async function tellAll(stories: Stories): Promise<number> {
  const prometheus = await startPrometheus();
  try {
    return await tellEach(stories, prometheus);
  } finally {
    await prometheus.stop();
  }
}

const chapters = [COUNTING, DOORS, CANARY, STALE];
const failures = await Promise.all(chapters.map(tellAll));
const failed = failures.reduce((sum, one) => sum + one, 0);
const told = chapters.reduce((sum, stories) => sum + Object.keys(stories).length, 0);
tellEnd(told, failed);
