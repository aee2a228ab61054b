/** How many vCPUs Fargate runs for us, of how many: `AWS/Usage` and the quota that CloudWatch knows of it. */
import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Pool } from '../../policy/headroom/findings.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { limited } from '../call.ts';
import { type Asked, asking } from './asked.ts';
import type { HeadroomClients } from './clients.ts';

export const FARGATE = { id: 'fargate', kind: 'fargateVcpu', usageClass: 'Standard/OnDemand' } as const;
export const FARGATE_SPOT = { id: 'fargate-spot', kind: 'fargateSpotVcpu', usageClass: 'Standard/Spot' } as const;

export type FargateClass = typeof FARGATE | typeof FARGATE_SPOT;

const PERIOD_SECONDS = 300;
/** Usage is told every five minutes, and late. */
const LOOK_BACK_SECONDS = 1_800;

export function readFargate(
  { cloudwatch, limits }: Pick<HeadroomClients, 'cloudwatch' | 'limits'>,
  { kind, usageClass }: FargateClass,
  now: EpochMs,
  abort: AbortSignal,
): Promise<Asked<Pool>> {
  return asking(abort, async () => {
    const end = Math.floor(now / 60_000) * 60_000;
    const command = new GetMetricDataCommand({
      MetricDataQueries: queriesFor(usageClass),
      StartTime: new Date(end - LOOK_BACK_SECONDS * 1000),
      EndTime: new Date(end),
      ScanBy: 'TimestampDescending',
    });
    const answer = await limited(limits.callMs, abort, (abortSignal) => cloudwatch.send(command, { abortSignal }));
    const newest = (id: string) => {
      const result = answer.MetricDataResults?.find(({ Id }) => Id === id);
      // HTTP 200 is not success.
      if (result?.StatusCode !== undefined && result.StatusCode !== 'Complete')
        throw new Error(`CloudWatch answered ${result.StatusCode} for its usage`);
      return result?.Values?.[0];
    };
    const [used, limit] = [newest('used'), newest('quota')];
    if (used === undefined) throw new Error('CloudWatch has no usage of it in the last half hour');
    if (limit === undefined) throw new Error('CloudWatch knows no quota of it');
    return { kind, name: '', free: Math.max(0, limit - used), limit };
  });
}

function queriesFor(usageClass: string): MetricDataQuery[] {
  const dimensions = { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: usageClass };
  return [
    {
      Id: 'used',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Usage',
          MetricName: 'ResourceCount',
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: PERIOD_SECONDS,
        Stat: 'Maximum',
      },
    },
    { Id: 'quota', Expression: 'SERVICE_QUOTA(used)' },
  ];
}

/** Tasks that Fargate starts within a minute for an account: a burst of 100, and 20 a second. */
export const LAUNCHES_A_MINUTE = 100 + 20 * 60;

/** Of one service; where it is more was told for these Regions alone. */
const FAST_REGIONS = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);

export function launchesOfService(region: string): number {
  return FAST_REGIONS.has(region) ? 500 : 125;
}
