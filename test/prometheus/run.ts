/**
 * Signals from a real Prometheus: `node test/prometheus/run.ts`. Needs the Debian package `prometheus` (or `$PROMETHEUS`), so it is no
 * part of `npm test`. Prints one line a story and `N passed, N failed`; exit 1 where one failed.
 */

import { startPrometheus } from './prometheus.ts';
import { STORIES } from './stories.prometheus.ts';

const prometheus = await startPrometheus();
let failed = 0;
try {
  for (const [title, tell] of Object.entries(STORIES)) {
    try {
      await tell(prometheus);
      console.log(`ok   ${title}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${title}\n${error instanceof Error ? error.stack : error}`);
    }
  }
} finally {
  await prometheus.stop();
}
console.log(`\n${Object.keys(STORIES).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
