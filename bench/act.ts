/**
 * What a tick reads, writes and calls, for shards of 1, 100 and 1,000 services: a quiet tick, and one that changes one service.
 * `npm run bench:act`, or `npm run --silent bench:act -- --json` for one JSON object. Exit 1 where a tick writes more than is promised:
 * the lease twice and the rings once, and at most three times more for a change.
 */
import { parseArgs } from 'node:util';
import CliTable from 'cli-table3';
import { measureTicks, type TickMeasured } from './act/measure.ts';

const SHARDS = [1, 100, 1_000];
export const MOST_WRITES = { quiet: 3, change: 6 } as const;

const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
const measured: TickMeasured[] = [];
for (const services of SHARDS) measured.push(...(await measureTicks(services)));

const isKept = ({ tick, writes, changed }: TickMeasured) =>
  writes <= MOST_WRITES[tick] && changed === (tick === 'change' ? 1 : 0);
const kept = measured.every(isKept);

if (values.json) {
  console.log(JSON.stringify({ ticks: measured, kept }));
} else {
  const head = ['services', 'tick', 'reads', 'writes', 'calls', 'seconds'];
  const table = new CliTable({ head, style: { head: [], border: [] } });
  for (const one of measured) {
    const { services, tick, reads, writes, calls, seconds } = one;
    const said = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
    table.push([services, tick, reads, `${writes} of ${MOST_WRITES[tick]}`, said.join('\n'), seconds.toFixed(2)]);
  }
  console.log(table.toString());
  console.log(kept ? 'Every promise is kept.' : 'A tick writes more than it should, or did not change what it should.');
}
process.exitCode = kept ? 0 : 1;
