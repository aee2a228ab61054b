/** CPU of a service at both resolutions of ECS, each datapoint with the tasks that made it, from a real plant behind the local cloud. */
import { describe, expect, test } from '@jest/globals';
import { awsClients } from '../../../lib/aws/clients.ts';
import { awsSignals } from '../../../lib/aws/signals/signals.ts';
import { startLocalCloud } from '../../../lib/local/cloud.ts';
import type { Reading } from '../../../lib/policy/observation.ts';
import { createPlant } from '../../../lib/sim/plant.ts';
import type { Load, Plant } from '../../../lib/sim/types.ts';
import { cpuOf } from '../../contracts/signals.ts';
import { NOON } from '../../local/stub-plant.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';

const SECOND = 1000;
const steady: Load = { name: 'steady', startsAt: NOON, endsAt: NOON + 3_600_000, stepSeconds: 20, rateAt: () => 300 };

function plantOf(metricPeriodSeconds: 60 | 20, desired: number): Plant {
  return createPlant({ load: steady, seed: 3, desired, metricPeriodSeconds, capacityPerTask: 100 });
}

type Metric = 'CPUUtilization' | 'MemoryUtilization';

async function readFrom(
  plant: Plant,
  periodSeconds: number,
  publicationDelaySeconds: number,
  metric: Metric = 'CPUUtilization',
): Promise<Reading> {
  const cloud = await startLocalCloud({ plants: [plant], region: REGION });
  const endpoints = { cloudwatch: cloud.endpoint };
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints, limits: { attempts: 1 } });
  try {
    const query = cpuOf('checkout', { source: { kind: 'ecs', metric }, periodSeconds, publicationDelaySeconds });
    const [reading] = await awsSignals(clients).read([query], plant.now, new AbortController().signal);
    if (reading === undefined) throw new Error('no reading');
    return reading;
  } finally {
    clients.close();
    await cloud.close();
  }
}

const startsAndTasks = ({ values }: Reading) => values.map(([at, , tasks]) => [(at - NOON) / SECOND, tasks]);

describe('a service of five tasks', () => {
  test.each([60, 20] as const)('in minutes of a metric of %p s has five behind each of them', async (resolution) => {
    const plant = plantOf(resolution, 5);
    plant.advanceTo(NOON + 290 * SECOND);
    const reading = await readFrom(plant, 60, 50);
    expect(reading.status).toBe('complete');
    expect(startsAndTasks(reading)).toEqual([60, 120, 180].map((at) => [at, 5]));
    for (const [, cpu] of reading.values) expect(cpu).toBeGreaterThan(55);
  });

  test('in periods of 20 s too, the newest 14 s after its end', async () => {
    const plant = plantOf(20, 5);
    plant.advanceTo(NOON + 194 * SECOND);
    expect(startsAndTasks(await readFrom(plant, 20, 14))).toEqual([120, 140, 160].map((at) => [at, 5]));
  });

  test.each([60, 20] as const)('has memory as it has CPU, in periods of %p s', async (resolution) => {
    const plant = plantOf(resolution, 5);
    plant.advanceTo(NOON + 290 * SECOND);
    const reading = await readFrom(plant, resolution, resolution === 60 ? 50 : 15, 'MemoryUtilization');
    expect(reading.status).toBe('complete');
    expect(startsAndTasks(reading).map(([, tasks]) => tasks)).toEqual([5, 5, 5]);
    for (const [, memory] of reading.values) expect(memory).toBeGreaterThan(0);
  });
});
