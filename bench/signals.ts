/**
 * Signals: what reading a fleet takes, how long planning does, and how soon a step of load is answered.
 * `npm run bench:signals`, or `npm run --silent bench:signals -- --json` for one JSON object; `--seeds N` for more or fewer runs.
 * Exit 1 where a promise is not kept.
 */
import CliTable from 'cli-table3';
import { quantile, reactions, trackingReactions, type Way } from './signals/reaction.ts';
import { measurePlanning, measureReading, type ReadingMeasured } from './signals/reading.ts';

const FLEETS = [1, 100, 1_000, 10_000];
const PLANNING_LIMIT_MS = 200;

interface Promised {
  readonly p50?: number;
  readonly p95?: number;
}

/** Seconds from a threefold step to `UpdateService`, with `trueFor: 1 of 1`. */
const WAYS: readonly { readonly way: Way; readonly name: string; readonly promised: Promised }[] = [
  { way: 'cpu60', name: 'CPU, 60-second metrics, a tick a minute', promised: { p50: 150 } },
  { way: 'cpu20', name: 'CPU, 20-second metrics, a tick every 20 s', promised: { p50: 50, p95: 70 } },
  { way: 'sqs20', name: 'a queue, a tick every 20 s', promised: { p95: 25 } },
  { way: 'pushed', name: 'a pushed number', promised: { p95: 5 } },
];

interface Reaction {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly promised: Promised;
  /** AWS's own benchmark. */
  readonly measuredByAws?: number;
}

function reactionOf(name: string, seconds: readonly number[], more: Omit<Reaction, 'name' | 'p50' | 'p95'>): Reaction {
  return { name, p50: quantile(seconds, 0.5), p95: quantile(seconds, 0.95), ...more };
}

async function measureReactions(seeds: number, delays: number): Promise<readonly Reaction[]> {
  const own: Reaction[] = [];
  for (const { way, name, promised } of WAYS) {
    own.push(reactionOf(name, await reactions(way, seeds, delays), { promised: delays === 1 ? promised : {} }));
  }
  const tracking = ([60, 20] as const).map((period) =>
    reactionOf(`target tracking on CPU, ${period}-second metrics (model)`, trackingReactions(period, seeds, delays), {
      promised: {},
      ...(delays === 1 ? { measuredByAws: period === 60 ? 363 : 86 } : {}),
    }),
  );
  return [...own, ...tracking];
}

function isKept({ p50, p95, promised }: Reaction): boolean {
  return p50 <= (promised.p50 ?? Number.POSITIVE_INFINITY) && p95 <= (promised.p95 ?? Number.POSITIVE_INFINITY);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new CliTable({ head: [...head], style: { head: [], border: [] } });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(bytes < 102_400 ? 1 : 0)} KB`;

function readingTable(fleets: readonly ReadingMeasured[]): string {
  const head = [
    'services',
    'metrics',
    'GetMetricData',
    'at most',
    'sent',
    'received',
    'seconds',
    'DescribeTargetGroups *',
  ];
  const rows = fleets.map((one) => [
    ...[one.services, one.metrics, one.calls, one.callsAtMost].map(String),
    ...[kilobytes(one.requestBytes), kilobytes(one.replyBytes), one.seconds.toFixed(2), String(one.loadBalancerCalls)],
  ]);
  return `${table(head, rows)}\n* once in ten minutes`;
}

function reactionTable(rows: readonly Reaction[]): string {
  const promise = ({ promised }: Reaction) =>
    Object.entries(promised)
      .map(([name, most]) => `${name} ≤ ${most} s`)
      .join(', ');
  const head = ['from a threefold step to UpdateService', 'p50', 'p95', 'promised', 'AWS measured'];
  return table(
    head,
    rows.map((row) => [
      row.name,
      `${row.p50.toFixed(1)} s`,
      `${row.p95.toFixed(1)} s`,
      promise(row),
      row.measuredByAws === undefined ? '' : `${row.measuredByAws} s`,
    ]),
  );
}

const argument = process.argv.indexOf('--seeds');
const seeds = argument === -1 ? 40 : Number(process.argv[argument + 1]);
if (!(Number.isInteger(seeds) && seeds > 0)) throw new RangeError('--seeds takes a whole number above 0');

const planning = measurePlanning(10_000);
const fleets: ReadingMeasured[] = [];
for (const services of FLEETS) fleets.push(await measureReading(services));
const reacting = await measureReactions(seeds, 1);
const twice = await measureReactions(seeds, 2);
const broken = [
  ...(planning.processorMs < PLANNING_LIMIT_MS ? [] : [`planning took ${planning.processorMs.toFixed(0)} ms`]),
  ...fleets
    .filter(({ calls, callsAtMost }) => calls > callsAtMost)
    .map(({ services }) => `too many calls for ${services}`),
  ...reacting.filter((row) => !isKept(row)).map(({ name }) => `${name} reacts too late`),
];

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ planning, fleets, reacting, reactingWithTwiceTheDelays: twice, seeds, broken }));
} else {
  console.log(
    `Planning ${planning.signals} signals: ${planning.processorMs.toFixed(0)} ms of processor time (${planning.elapsedMs.toFixed(0)} ms elapsed)\n`,
  );
  console.log(`${readingTable(fleets)}\n`);
  console.log(`${seeds} runs each; a datapoint is published 50 s after a period of 60 s and 14 s after one of 20 s`);
  console.log(`${reactionTable(reacting)}\n`);
  console.log('with twice these delays');
  console.log(reactionTable(twice));
  console.log(broken.length === 0 ? '\nEvery promise is kept.' : `\nNot kept: ${broken.join('; ')}.`);
}
process.exitCode = broken.length === 0 ? 0 : 1;
