/**
 * How many days a second one core simulates: the real `tick()` once a minute over a plant with a flash crowd every day; then a sweep of
 * fifty policies over the same days on two threads, and its memory. Run: `npm run bench:sim`; `-- --json` for one object;
 * `-- --days 30 --policy FILE` for another size and policy; `-- --sweep 0` without the sweep.
 *
 * The days a second are those of processor time of this one thread, so that a busy machine does not count against them; what the clock on the
 * wall made of it stands beside. The shares come from a sampled profile of one more run: deciding (lib/policy), the plant (lib/sim), and the
 * bookkeeping of a tick (lib/loop and the rest).
 */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { parseArgs } from 'node:util';
import { parsePolicies } from '../lib/policy/document/parse.ts';
import type { PolicySet } from '../lib/policy/policy.ts';
import { play } from '../lib/sim/play/play.ts';
import { type Scenario, scenarioOf } from '../lib/sim/play/scenario.ts';
import { WORKLOADS } from '../lib/sim/workloads.ts';
import { type Profile, sharesOf } from './profile-shares.ts';
import { swept } from './sim/sweep.ts';

const { values: options } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    policy: { type: 'string', default: 'examples/web.yaml' },
    runs: { type: 'string', default: '5' },
    sweep: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
  },
});
const days = Number(options.days);

function scene(): { readonly scenario: Scenario; readonly set: PolicySet } {
  const set = parsePolicies([{ name: options.policy, text: readFileSync(options.policy, 'utf8') }]);
  const [policy] = set.services;
  const load = WORKLOADS.get('day')?.make({ seed: 1, days });
  if (policy === undefined || load === undefined) throw new Error(`${options.policy} names no service`);
  return { set, scenario: scenarioOf({ load, capacity: policy.capacity, service: policy }) };
}

/** Seconds that this thread was busy, and that passed. */
async function timed(work: () => Promise<unknown>): Promise<{ readonly busy: number; readonly passed: number }> {
  const before = process.threadCpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return { busy: (user + system) / 1e6, passed: (performance.now() - began) / 1000 };
}

async function profiled(work: () => Promise<unknown>): Promise<Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return profile as Profile;
}

const { scenario, set } = scene();
const run = () => play(scenario, { kind: 'policy', name: 'policy', set }, { seed: 1 });
await run();
const times: { readonly busy: number; readonly passed: number }[] = [];
for (let i = 0; i < Number(options.runs); i++) times.push(await timed(run));
times.sort((a, b) => a.busy - b.busy);
const median = times[times.length >> 1] ?? { busy: Number.NaN, passed: Number.NaN };
const shares = sharesOf(await profiled(run));
const result = {
  daysPerSecond: days / median.busy,
  daysPerSecondElapsed: days / median.passed,
  bestDaysPerSecond: days / (times[0]?.busy ?? Number.NaN),
  microsecondsPerTick: (median.busy * 1e6) / (days * 1440),
  shares,
  days,
  runs: times.length,
  sweep: options.sweep === '0' ? null : await swept(scenario, Number(options.sweep), days),
  node: process.versions.node,
};

if (options.json) console.log(JSON.stringify(result));
else {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const { daysPerSecond, bestDaysPerSecond, daysPerSecondElapsed, microsecondsPerTick, sweep } = result;
  console.log(
    `${Math.round(daysPerSecond)} simulated days a second of processor time, one policy on one thread, one tick a minute ` +
      `(median of ${result.runs}; best ${Math.round(bestDaysPerSecond)}; ${Math.round(daysPerSecondElapsed)} by the clock on the wall), ` +
      `${microsecondsPerTick.toFixed(1)} µs a tick`,
  );
  console.log(
    `decide ${percent(shares.decide)}, plant ${percent(shares.plant)}, bookkeeping ${percent(shares.bookkeeping)}`,
  );
  if (sweep !== null)
    console.log(
      `sweep of ${sweep.policies} policies over ${sweep.days} days on ${sweep.threads} threads: ${sweep.seconds.toFixed(1)} s by the clock on the wall, ` +
        `${sweep.processorSeconds.toFixed(1)} s of processor time (${sweep.secondsOnFreeCores.toFixed(1)} s on ${sweep.threads} free cores); ` +
        `at most ${Math.round(sweep.peakMegabytes)} MB`,
    );
}
