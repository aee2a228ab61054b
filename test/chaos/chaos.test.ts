/** A few thousand of the runs that `npm run chaos` makes: scalers, the store and the plant through generated interleavings. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hunt } from './hunt.ts';
import { INVARIANTS } from './invariants/index.ts';
import { MUTANTS } from './mutants.ts';

test('no invariant falls in 2,000 runs', () => {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), '--runs', '2000', '--seed', '1'], {
    encoding: 'utf8',
  });
  expect(run.stdout.trim().split('\n').at(-1)).toBe('2000 passed, 0 failed');
  expect(run.status).toBe(0);
}, 60_000);

describe('docs/chaos.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/chaos.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (.+?) \| .+ \| `(\w+)` \| (\d+) \|$/gm)].map(([, name, diesOf, run]) => ({
    ...{ name, diesOf, run: Number(run) },
  }));

  test('lists every invariant, and every mutant with the run in which it died', () => {
    expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(Object.keys(INVARIANTS));
    expect(rows.map(({ name, diesOf }) => ({ name, diesOf }))).toEqual(
      MUTANTS.map(({ name, diesOf }) => ({ name, diesOf })),
    );
  });

  test('every promise bites: some mutant dies of it', () => {
    expect(new Set(rows.map(({ diesOf }) => diesOf))).toEqual(new Set(Object.keys(INVARIANTS)));
  });

  // Those that live longer are for `npm run chaos -- --mutants`. Another policy engine may take another run or two to be found out.
  const short = rows.filter(({ run }) => run <= 200);
  test.each(short)('$name dies at about run $run', async ({ name, run }) => {
    const mutant = MUTANTS.find((one) => one.name === name);
    if (mutant === undefined) throw new Error(`no mutant ${name}`);
    const { death } = await hunt(mutant, 2 * run + 20, false);
    expect(death?.violations[0]?.invariant).toBe(mutant.diesOf);
  });
});
