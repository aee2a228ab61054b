/**
 * Decisions a second on one core: 3 signals, 6 CEL rules with `trueFor: 3 of 3`, one target, over a week of minutes that goes round and
 * round; state is handed on, changes are acknowledged. The same with one signal unknown.
 *
 * `npm run bench:decide`, or `npm run --silent bench:decide -- --json` for one JSON object. `--decisions 10000000` is the long run, in which
 * the heap must end where it began.
 */

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import CliTable from 'cli-table3';
import { acknowledge, decide } from '../lib/policy/decide.ts';
import { parsePolicies } from '../lib/policy/document/parse.ts';
import type { Datapoint, Observation, Reading } from '../lib/policy/observation.ts';
import type { ServicePolicy } from '../lib/policy/policy.ts';
import { EMPTY_STATE } from '../lib/policy/state.ts';

const POLICY = `
version: 1
services:
  - service: bench/web
    capacity: { min: 2, max: 60 }
    signals:
      cpu: { ecs: CPUUtilization }
      mem: { ecs: MemoryUtilization }
      rps: { alb: RequestCount, per: second }
    scaleOut:
      - { name: emergency, when: '(cpu > 80 && rps > 1000) || (mem > 95 && cpu > 50)', addPercent: 50, atLeast: 2, trueFor: 3 of 3 }
      - { name: warm, when: 'cpu > 70 || mem > 85', add: 1, trueFor: 3 of 3 }
      - { name: burst, when: 'rps > 4000', add: 4, trueFor: 3 of 3 }
    scaleIn:
      - { name: calm, when: 'cpu < 40 && rps < 600', remove: 1, trueFor: 3 of 3 }
      - { name: cold, when: 'cpu < 10 && mem < 50', removePercent: 10, trueFor: 3 of 3 }
      - { name: idle, when: '!(rps > 100)', remove: 2, trueFor: 3 of 3 }
    targets:
      - { signal: rps, perTask: 120 }
`;

const MINUTES = 7 * 1440;
const WARM_UP = 50_000;
const START = Date.UTC(2026, 10, 16);

/** Load of a week: a wave a day with some noise, the same in every run. */
function load(minute: number): number {
  const noise = Math.sin(minute * 12.9898) * 43758.5453;
  return 2000 + 1400 * Math.sin((minute / 1440) * 2 * Math.PI) + 150 * (noise - Math.floor(noise));
}

/** The newest five settled minutes of each signal; `mem` fails where it is to be unknown. */
function week(memIsKnown: boolean): readonly Readonly<Record<string, Reading>>[] {
  const reading = (minute: number, of: (minute: number) => number): Reading => ({
    status: 'complete',
    periodSeconds: 60,
    values: [5, 4, 3, 2, 1].map((back): Datapoint => [START + (minute - back) * 60_000, of(minute - back), 17]),
  });
  const failed: Reading = { status: 'failed', periodSeconds: 60, values: [], cause: 'InternalError' };
  return Array.from({ length: MINUTES }, (_, minute) => ({
    cpu: reading(minute, (at) => load(at) / 50),
    mem: memIsKnown ? reading(minute, (at) => 60 + load(at) / 200) : failed,
    rps: reading(minute, load),
  }));
}

interface Measured {
  readonly decisionsPerSecond: number;
  /** Of processor time, all threads together: the same on a machine that does other things too. */
  readonly decisionsPerCpuSecond: number;
  readonly decisions: number;
  readonly changes: number;
  readonly heapMb: { readonly before: number; readonly after: number };
}

function measure(policy: ServicePolicy, memIsKnown: boolean, decisions: number): Measured {
  const signals = week(memIsKnown);
  play(policy, signals, WARM_UP);
  const before = heapMb();
  const startedAt = performance.now();
  const startedCpu = process.cpuUsage();
  const changes = play(policy, signals, decisions);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(startedCpu);
  return {
    decisionsPerSecond: Math.round(decisions / seconds),
    decisionsPerCpuSecond: Math.round((decisions * 1e6) / (user + system)),
    decisions,
    changes,
    heapMb: { before, after: heapMb() },
  };
}

/** Returns the number of changes. All tasks that were asked for run at once; a new week begins with nothing remembered. */
function play(policy: ServicePolicy, signals: readonly Readonly<Record<string, Reading>>[], decisions: number): number {
  let state = EMPTY_STATE;
  let desired = 17;
  let changes = 0;
  for (let done = 0; done < decisions; done++) {
    const minute = done % MINUTES;
    if (minute === 0) state = EMPTY_STATE;
    const observation: Observation = {
      service: { desired, running: desired, pending: 0, inService: desired },
      signals: signals[minute] ?? {},
    };
    const now = START + minute * 60_000 + 55_000;
    const decided = decide(policy, state, observation, now);
    state = acknowledge(policy, decided, now);
    if (decided.decision.action === 'hold') continue;
    desired = decided.decision.to;
    changes += 1;
  }
  return changes;
}

function heapMb(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return Math.round((process.memoryUsage().heapUsed / 1e6) * 10) / 10;
}

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, decisions: { type: 'string', default: '500000' } },
});
const policy = parsePolicies([{ name: 'bench.yaml', text: POLICY }]).services[0];
const decisions = Number(options.decisions);
if (policy === undefined || !(decisions > 0)) throw new Error('bench:decide: --decisions takes a number above 0');

const result = { known: measure(policy, true, decisions), oneUnknown: measure(policy, false, decisions) };
if (options.json) console.log(JSON.stringify(result));
else {
  const table = new CliTable({
    head: ['signals', 'decisions/s', '/s of CPU', 'decisions', 'changes', 'heap before, MB', 'after, MB'],
  });
  for (const [name, one] of [
    ['all known', result.known],
    ['one unknown', result.oneUnknown],
  ] as const)
    table.push([
      name,
      one.decisionsPerSecond,
      one.decisionsPerCpuSecond,
      one.decisions,
      one.changes,
      one.heapMb.before,
      one.heapMb.after,
    ]);
  console.log(table.toString());
}
