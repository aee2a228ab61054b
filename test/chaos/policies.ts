/** The policies that the scalers run: each with what it rests at under a constant load, worked out apart from the policy engine. */
import type { Pace, ServicePolicy } from '../../lib/policy/policy.ts';
import { cpu, percent, perTask, policy, rps, rule, tasks } from '../support/policies.ts';

export const KINDS = ['steps', 'eager', 'cpuTarget', 'rpsTarget', 'mixed'] as const;
export type Kind = (typeof KINDS)[number];

/** Capacities that an operator may write, and change to. */
export const CAPACITIES = [
  { min: 2, max: 40 },
  { min: 1, max: 12 },
  { min: 3, max: 6 },
  { min: 5, max: 20 },
] as const;

export const SERVICES = ['checkout', 'billing'] as const;

const CAREFUL_IN: Pace = {
  cooldown: { kind: 'seconds', seconds: 120 },
  stabilizationSeconds: 180,
  upTo: { percent: 20, tasks: 1, pick: 'larger', periodSeconds: 120 },
};
const BRISK_IN: Pace = {
  cooldown: { kind: 'verified' },
  stabilizationSeconds: 0,
  upTo: { percent: 50, tasks: 2, pick: 'larger', periodSeconds: 60 },
};
const OUT: Pace = {
  cooldown: { kind: 'verified' },
  stabilizationSeconds: 0,
  upTo: { percent: 100, tasks: 4, pick: 'larger', periodSeconds: 60 },
};

const emergency = rule('emergency', 'cpu > 80', percent(50, 2));
const warm = rule('warm', 'cpu > 70', tasks(1), '2 of 3', 120);
const calm = rule('calm', 'cpu < 40', tasks(1), '3 of 3');
const idle = rule('idle', 'cpu < 40', tasks(2), '1 of 1');
const guard = { holdInWhile: [], unknownAbstainsAfterSeconds: 240, whenBlindFor: [] };

const PARTS: Readonly<Record<Kind, Partial<ServicePolicy>>> = {
  steps: { scaleOut: [emergency, warm], scaleIn: [calm], pace: { out: OUT, in: CAREFUL_IN } },
  eager: { scaleOut: [emergency], scaleIn: [idle], pace: { out: OUT, in: BRISK_IN } },
  cpuTarget: { targets: [perTask('cpu', 50)], pace: { out: OUT, in: CAREFUL_IN } },
  rpsTarget: { signals: { cpu, rps }, targets: [perTask('rps', 50)], pace: { out: OUT, in: BRISK_IN } },
  mixed: {
    signals: { cpu, rps },
    scaleOut: [emergency],
    scaleIn: [calm],
    targets: [perTask('rps', 50)],
    pace: { out: OUT, in: BRISK_IN },
    guard: { ...guard, whenBlindFor: [{ seconds: 300, atLeastTasks: 4 }] },
  },
};

const WRITTEN = new Map<string, ServicePolicy>();

/** One value for each policy, since conditions are compiled once a value. */
export function policyOf(kind: Kind, service: string, capacity: number): ServicePolicy {
  const key = `${kind} ${service} ${capacity}`;
  const known = WRITTEN.get(key);
  if (known !== undefined) return known;
  const bounds = CAPACITIES[capacity] ?? CAPACITIES[0];
  const fresh = policy({ guard, ...PARTS[kind], service, capacity: bounds });
  WRITTEN.set(key, fresh);
  return fresh;
}
