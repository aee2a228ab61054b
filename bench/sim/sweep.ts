/** Fifty policies over a month on two threads: what `schmitt tune` and `--sweep` are made of. */
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import { playAll } from '../../lib/sim/play/farm.ts';
import type { Scenario } from '../../lib/sim/play/scenario.ts';

export interface Swept {
  readonly policies: number;
  readonly days: number;
  readonly threads: number;
  /** By the clock on the wall. */
  readonly seconds: number;
  /** Of all threads together, their start included. */
  readonly processorSeconds: number;
  /** What the clock would show if the threads had a core each. */
  readonly secondsOnFreeCores: number;
  /** The most memory that the whole process had, in MB. */
  readonly peakMegabytes: number;
}

const THREADS = 2;

export async function swept(scenario: Scenario, policies: number, days: number): Promise<Swept> {
  const { min, max } = scenario.capacity;
  const jobs = Array.from({ length: policies }, (_, i) => {
    const name = `warm at ${40 + i}`;
    const contender = {
      kind: 'policy',
      name,
      set: parsePolicies([{ name, text: policyAround(40 + i, min, max) }]),
    } as const;
    return { scenario, contender, options: { seed: 1 } };
  });
  const before = process.cpuUsage();
  const began = performance.now();
  const runs = await playAll(jobs, { threads: THREADS });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  const processorSeconds = (user + system) / 1e6;
  if (runs.length !== policies) throw new Error(`${runs.length} of ${policies} runs came back`);
  return {
    policies,
    days,
    threads: THREADS,
    seconds,
    processorSeconds,
    secondsOnFreeCores: processorSeconds / THREADS,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

function policyAround(warm: number, min: number, max: number): string {
  return [
    'version: 1',
    'services:',
    '  - service: prod/web',
    '    mode: act',
    `    capacity: { min: ${min}, max: ${max} }`,
    '    signals: { cpu: { ecs: CPUUtilization } }',
    '    scaleOut:',
    `      - { name: emergency, when: 'cpu > ${Math.min(97, warm + 20)}', addPercent: 50, atLeast: 2, trueFor: 1 of 1 }`,
    `      - { name: warm, when: 'cpu > ${warm}', addPercent: 20, atLeast: 1, trueFor: 2 of 3 }`,
    '    scaleIn:',
    `      - { name: calm, when: 'cpu < ${Math.round(0.62 * warm)}', removePercent: 10, atLeast: 1, trueFor: 6 of 6 }`,
    '    pace: { out: fast, in: normal }',
  ].join('\n');
}
