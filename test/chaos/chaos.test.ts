/** A few thousand of the runs that `npm run chaos` makes: scalers, the store and the plant through generated interleavings. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('no invariant falls in 2,000 runs', () => {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), '--runs', '2000', '--seed', '1'], {
    encoding: 'utf8',
  });
  expect(run.stdout.trim().split('\n').at(-1)).toBe('2000 passed, 0 failed');
  expect(run.status).toBe(0);
}, 60_000);
