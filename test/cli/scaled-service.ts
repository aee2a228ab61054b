/** Days of a service that AWS target tracking scaled, ending about now: CloudWatch keeps minutes for 15 days by the wall clock. */
import type { LocalScaling } from '../../lib/local/autoscaling.ts';
import { diurnal, generate, noise, product } from '../../lib/sim/generate.ts';
import type { Load } from '../../lib/sim/types.ts';

export const HOUR = 3_600_000;
export const END = Math.floor((Date.now() - HOUR) / HOUR) * HOUR;

/** Busy afternoons, five-minute noise. */
export function daysOf(days: number): Load {
  const day = diurnal({ low: 200, high: 1500, peakHour: 15 });
  const shape = product(day, noise({ seed: 5, sigma: 0.08, everySeconds: 300 }));
  return generate(shape, { name: 'days', hours: days * 24, startsAt: END - days * 24 * HOUR });
}

export function trackedAt60(service: string): LocalScaling {
  return {
    ...{ cluster: 'prod', service, min: 2, max: 60 },
    policies: [
      {
        name: 'cpu-60',
        type: 'TargetTrackingScaling',
        configuration: {
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: 60,
            PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          },
        },
      },
    ],
  };
}
