/** Two made-up loads: on the first a policy, a peer at three settings and the oracle, on the second the policy alone. */
import type { Comparison, Scene } from '../../lib/report/comparison/comparison.ts';
import type { PictureTaken, Said } from '../../lib/sim/play/recorder.ts';
import { ColumnWriter } from '../../lib/sim/play/row-columns.ts';
import type { PlantRow } from '../../lib/sim/types.ts';
import { policy } from './a-run.ts';

const START = Date.UTC(2026, 2, 3);
const MINUTE = 60_000;
export const HOSTILE = '</script><img src=x onerror=alert(1)>';

/** Load that doubles at half time; the scaler follows `lagMinutes` later. */
function rows(minutes: number, lagMinutes: number): readonly PlantRow[] {
  return Array.from({ length: minutes }, (_, minute) => {
    const load = minute < minutes / 2 ? 150 : 300;
    const tasks = minute < minutes / 2 + lagMinutes ? 4 : 8;
    const above = Math.max(0, load - tasks * 50);
    return {
      at: START + minute * MINUTE,
      load,
      desired: tasks,
      running: tasks,
      inService: tasks,
      cpu: Math.min(100, (2 * load) / tasks),
      requests: load * 60,
      requestsAboveCapacity: above * 60,
      billedTaskSeconds: tasks * 60,
    };
  });
}

export function pictureOf(minutes: number, lagMinutes: number, sentence: string, mostPoints = 43_200): PictureTaken {
  const writer = new ColumnWriter(minutes, mostPoints);
  for (const row of rows(minutes, lagMinutes)) writer.take(row);
  const at = START + (minutes / 2 + lagMinutes) * MINUTE;
  const said: Said[] = [
    { at: at - MINUTE, from: 4, to: 4, outcome: 'held', sentence: 'hold 4: cpu false (cpu 61)' },
    { at, from: 4, to: 8, outcome: 'changed', sentence },
  ];
  return { columns: writer.finish(), said };
}

const COLUMNS = [
  { title: 'Overloaded', unit: '% of requests' },
  { title: 'Cost', unit: '× oracle' },
];
const point = (cost: number, overload: number, setting = '') => ({ cost, overload, setting });

function firstScene(minutes: number): Scene {
  return {
    trace: 'a doubling',
    lead: 'Over 24 hours: what came out.',
    columns: COLUMNS,
    entries: [
      {
        name: 'ours',
        isPolicy: true,
        cells: [{ value: '0.5', spread: '0.1' }, { value: '1.9' }],
        picture: pictureOf(minutes, 2, '4 → 8: cpu true 2 of 3 (cpu 75) asks 8 from 4'),
        policy,
      },
      {
        name: 'keda',
        isPolicy: false,
        cells: [{ value: '1.2' }, { value: '1.6' }],
        picture: pictureOf(minutes, 9, '4 → 8'),
      },
      { name: 'oracle', isPolicy: false, cells: [{ value: '0' }, { value: '1' }] },
    ],
    front: [
      { name: 'ours', isPolicy: true, joined: true, points: [point(1.9, 0.5)] },
      {
        name: 'keda',
        isPolicy: false,
        joined: true,
        points: [point(3, 0.2, '40 %'), point(1.6, 1.2, '60 %'), point(1.2, 4, '80 %')],
      },
      { name: 'oracle', isPolicy: false, joined: true, points: [point(1, 0)] },
    ],
    answers: [
      { name: 'keda', isPolicy: false, seconds: [120, null] },
      { name: 'ours', isPolicy: true, seconds: [30, 60] },
    ],
    capacityPerTask: 50,
    bounds: { min: 2, max: 60 },
  };
}

/** As many as a sweep with seeds has, and figures as long as they come. */
const WIDE_COLUMNS = Array.from({ length: 9 }, () => ({ title: 'At equal overload', unit: '% of requests' }));
const WIDE_CELL = { value: '1,234 s', spread: '1,204' };

export function aComparison(minutes = 1440): Comparison {
  const first = firstScene(minutes);
  const second: Scene = {
    ...first,
    trace: HOSTILE,
    lead: 'Over 24 hours: the second load.',
    columns: WIDE_COLUMNS,
    entries: first.entries.slice(0, 1).map((entry) => ({ ...entry, cells: WIDE_COLUMNS.map(() => WIDE_CELL) })),
    front: [],
  };
  return {
    kicker: 'Scalers on the same load',
    service: 'demo/web',
    scenes: [first, second],
    policies: [{ file: 'ours.yaml', text: 'version: 1' }],
    assumptions: [['Seed', '1']],
  };
}
