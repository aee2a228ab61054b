/** What stands for luxon in the bundles walks through cron as luxon does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { CronExpressionParser } from 'cron-parser';
import { buildSync } from 'esbuild';
import * as fc from 'fast-check';

type Parser = { readonly CronExpressionParser: typeof CronExpressionParser };

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cron-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** cron-parser as it is bundled, with luxon or with what stands for it. */
async function bundled(name: string, alias: Readonly<Record<string, string>>): Promise<Parser> {
  const outfile = join(folder, `${name}.mjs`);
  const contents = "export { CronExpressionParser } from 'cron-parser';";
  buildSync({
    stdin: { contents, resolveDir: ROOT },
    ...{ outfile, alias, bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'] },
  });
  return (await import(outfile)) as Parser;
}

const [real, standIn] = await Promise.all([
  bundled('real', {}),
  bundled('stand-in', { luxon: join(ROOT, 'lib/policy/utc-date-time.ts') }),
]);

/** The five times before and after, or the sentence that says why there are none. */
function walked({ CronExpressionParser: parser }: Parser, cron: string, from: number): readonly unknown[] {
  return (['next', 'prev'] as const).flatMap((which) => {
    const times = parser.parse(cron, { tz: 'UTC', currentDate: new Date(from) });
    return Array.from({ length: 5 }, () => {
      try {
        return times[which]().getTime();
      } catch (error) {
        return error instanceof Error ? error.message : error;
      }
    });
  });
}

const field = (low: number, high: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    fc.integer({ min: low, max: high }).map(String),
    fc.integer({ min: 2, max: 12 }).map((step) => `*/${step}`),
    fc
      .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
      .map(([one, other]) => [Math.min(one, other), Math.max(one, other)].join('-')),
  );
const cron = fc
  .tuple(field(0, 59), field(0, 23), fc.oneof(field(1, 31), fc.constant('L')), field(1, 12), field(0, 6))
  .map((fields) => fields.join(' '));
const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2034, 0, 1) });

test('any cron, from any time, forwards and backwards', () => {
  fc.assert(
    fc.property(cron, instant, (text, from) => {
      expect(walked(standIn, text, from)).toEqual(walked(real, text, from));
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['0 0 29 2 *', Date.UTC(2024, 1, 29)],
  ['0 0 31 * *', Date.UTC(2025, 2, 31)],
  ['59 23 L 2 *', Date.UTC(2027, 11, 31, 23, 59, 59, 999)],
  ['0 0 30 2 1', Date.UTC(2026, 0, 1)],
])('the edges of the calendar: %s', (text, from) => {
  expect(walked(standIn, text, from)).toEqual(walked(real, text, from));
});

test('it refuses what it does not know', () => {
  const parse = () => standIn.CronExpressionParser.parse('0 8 * * *', { tz: 'Europe/Berlin', currentDate: 0 });
  expect(parse).toThrow('Cron expressions are walked in UTC here, not in Europe/Berlin.');
});
