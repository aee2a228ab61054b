/** Who takes part: every peer that scales on CPU, and three policies of ours, each with one number to turn. The same for every trace. */
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';
import { PEERS } from '../../lib/sim/peers/catalogue.ts';
import type { Capacity } from '../../lib/sim/peers/peer.ts';
import type { Contender } from '../../lib/sim/play/contender.ts';

export interface Entrant {
  readonly group: string;
  /** The share of its capacity a task is meant to work at; absent where there is nothing to set. */
  readonly setting?: number;
  readonly contender: Contender;
}

export const SETTINGS: readonly number[] = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export function entrantsFor(capacity: Capacity, settings: readonly number[]): readonly Entrant[] {
  const swept = settings.flatMap((setting): Entrant[] => [
    { group: 'schmitt-thresholds', setting, contender: ours('schmitt-thresholds', thresholds(setting), capacity) },
    { group: 'schmitt-target', setting, contender: ours('schmitt-target', target(setting), capacity) },
    { group: 'schmitt-target-20s', setting, contender: ours('schmitt-target-20s', fineTarget(setting), capacity) },
    ...PEERS.filter(({ kinds }) => kinds.includes('cpu')).map(({ name }) => ({
      group: name,
      setting,
      contender: { kind: 'peer', name, peer: name, utilisation: setting } as const,
    })),
  ]);
  return [...swept, { group: 'oracle', contender: { kind: 'oracle', name: 'oracle', without: 'overload' } }];
}

/** Two thresholds with a wide gap, and an emergency above: the example of this project around another level. */
function thresholds(setting: number): readonly string[] {
  const warm = Math.round(100 * setting);
  const emergency = emergencyAbove(warm);
  return [
    ECS_CPU,
    'scaleOut:',
    `  - { name: emergency, when: 'cpu > ${emergency}', addPercent: 50, atLeast: 2, trueFor: 1 of 1 }`,
    `  - { name: warm, when: 'cpu > ${warm}', addPercent: 20, atLeast: 1, trueFor: 2 of 3 }`,
    'scaleIn:',
    `  - { name: calm, when: 'cpu < ${Math.round(warm * 0.62)}', removePercent: 10, atLeast: 1, trueFor: 6 of 6 }`,
    'pace: { out: fast, in: normal }',
  ];
}

/** Not above what a task at its limit still shows, with some measurement noise. */
const emergencyAbove = (level: number): number => Math.min(97, level + 20);

const ECS_CPU = 'signals: { cpu: { ecs: CPUUtilization } }';

function target(setting: number): readonly string[] {
  return [
    ECS_CPU,
    `targets: [{ signal: cpu, perTask: ${Math.round(100 * setting)}, tolerance: 10% }]`,
    'pace: { out: fast, in: normal }',
  ];
}

/** The same on the 20-second metrics of ECS, looked at as often, and with an emergency above it: CPU that is capped hides how much is missing. */
function fineTarget(setting: number): readonly string[] {
  const level = Math.round(100 * setting);
  return [
    'cadence: 20s',
    'signals: { cpu: { ecs: CPUUtilization, period: 20s } }',
    `targets: [{ signal: cpu, perTask: ${level}, tolerance: 10% }]`,
    'scaleOut:',
    `  - { name: emergency, when: 'cpu > ${emergencyAbove(level)}', addPercent: 50, atLeast: 2, trueFor: 1 of 1 }`,
    'pace: { out: fast, in: normal }',
  ];
}

function ours(name: string, lines: readonly string[], { min, max }: Capacity): Contender {
  const text = [
    'version: 1',
    'services:',
    '  - service: prod/checkout',
    '    mode: act',
    `    capacity: { min: ${min}, max: ${max} }`,
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
  const set: PolicySet = parsePolicies([{ name: `${name}.yaml`, text }]);
  return { kind: 'policy', name, set };
}
