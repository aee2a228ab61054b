/** A made-up day: a sine of load, one burst, one gap, and a threshold scaler drawn by hand. Numbers only a picture has to believe. */
import type { DecisionShown, PolicyShown, Run } from '../../lib/report/run.ts';
import type { PlantRow } from '../../lib/sim/types.ts';

const MINUTE = 60_000;
const CAPACITY_PER_TASK = 50;

const cpu = {
  source: { kind: 'ecs', metric: 'CPUUtilization' },
  stat: 'Average',
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  scale: 1,
  averagedOverTasks: true,
  whenMissing: { kind: 'unknown' },
} as const;

export const policy: PolicyShown = {
  cluster: 'demo',
  service: 'web',
  capacity: { min: 2, max: 60 },
  signals: { cpu },
  scaleOut: [
    {
      name: 'warm',
      when: 'cpu > 70',
      trueFor: { m: 2, n: 3 },
      thenWaitSeconds: 0,
      change: { kind: 'tasks', tasks: 2 },
    },
  ],
  scaleIn: [
    {
      name: 'calm',
      when: 'cpu < 40',
      trueFor: { m: 6, n: 6 },
      thenWaitSeconds: 0,
      change: { kind: 'tasks', tasks: -1 },
    },
  ],
  targets: [],
};

function loadAt(minute: number): number | null {
  const ofDay = minute % 1440;
  if (ofDay >= 200 && ofDay < 230) return null;
  const wave = 500 - 400 * Math.cos((2 * Math.PI * ofDay) / 1440);
  const burst = ofDay >= 845 && ofDay < 875 ? 900 : 0;
  return wave + burst + 25 * Math.sin(minute * 1.7) + 15 * Math.sin(minute * 0.61);
}

/** @param days how long the run is; the rows follow from the minute alone. */
export function aRun(days = 1, startsAt = Date.UTC(2026, 2, 3)): Run {
  const rows: PlantRow[] = [];
  const decisions: DecisionShown[] = [];
  let desired = 4;
  let inService = 4;
  let quietUntil = 0;
  for (let minute = 0; minute < days * 1440; minute += 1) {
    const load = loadAt(minute);
    if (minute >= quietUntil - 2) inService = desired;
    const utilisation = load === null ? null : (100 * load) / (inService * CAPACITY_PER_TASK);
    const from = desired;
    if (utilisation !== null && minute >= quietUntil && utilisation > 70) desired += 3;
    if (utilisation !== null && minute >= quietUntil && utilisation < 40 && desired > 2) desired -= 1;
    if (desired !== from) quietUntil = minute + 5;
    const at = startsAt + minute * MINUTE;
    decisions.push({
      at: at + 4_000,
      action: desired > from ? 'out' : desired < from ? 'in' : 'hold',
      from,
      to: desired,
      outcome: desired === from ? 'held' : 'changed',
      sentence: sentence(from, desired, utilisation),
    });
    rows.push({
      at,
      load,
      desired,
      running: Math.max(inService, desired - 1),
      inService,
      cpu: utilisation === null ? null : Math.min(100, utilisation),
      requests: (load ?? 0) * 60,
      requestsAboveCapacity: 60 * Math.max(0, (load ?? 0) - inService * CAPACITY_PER_TASK),
      billedTaskSeconds: desired * 60,
    });
  }
  return {
    trace: 'made-up-day',
    policy,
    policyFile: 'examples/web.yaml',
    policyText: 'version: 1\nservices:\n  - service: demo/web\n    capacity: { min: 2, max: 60 }\n',
    rows,
    capacityPerTask: CAPACITY_PER_TASK,
    decisions,
    scores: {
      days,
      ticks: days * 1440,
      scaleOuts: decisions.filter(({ action }) => action === 'out').length,
      scaleIns: decisions.filter(({ action }) => action === 'in').length,
      overloadedPct: 0.8314,
      costRatio: 1.427,
      changesPerDay: 38.2,
      reversalsPerDay: 1.5,
      gapMinutes: 30 * days,
    },
    assumptions: [
      ['Seed', '1'],
      ['Start-up of a task', 'median 25 s, p95 45 s, then the health check'],
    ],
  };
}

function sentence(from: number, to: number, utilisation: number | null): string {
  const seen = utilisation === null ? 'cpu unknown' : `cpu ${utilisation.toFixed(0)} %`;
  if (to > from) return `${from} → ${to}: warm true 2 of 3 (${seen}) asks ${to} from ${from}`;
  if (to < from) return `${from} → ${to}: calm true 6 of 6 (${seen}) asks ${to} from ${from}`;
  return `hold ${from}: warm false (${seen}); calm false (${seen})`;
}
