/** What other numbers of tasks make of a signal, by where it comes from. One table; docs/shadow.md has it in words. */
import type { SignalSpec } from '../policy/policy.ts';

/**
 * `total`: the load itself, whoever serves it. `perTask`: shared by the tasks. `hosts`: counts the tasks. `latency`, `queue`: modelled.
 * `asMeasured`: nobody can say, so the real number stands.
 */
export type Treatment = 'total' | 'perTask' | 'hosts' | 'latency' | 'queue' | 'asMeasured';

export function treatmentOf({ source, stat, averagedOverTasks }: SignalSpec): Treatment {
  if (averagedOverTasks) return 'perTask';
  switch (source.kind) {
    case 'ecs':
      return stat === 'SampleCount' ? 'hosts' : stat === 'Sum' ? 'total' : 'perTask';
    case 'alb':
      return ofLoadBalancer(source.metric, stat);
    case 'sqs':
      return source.attribute === 'backlog' || source.attribute === 'visible' ? 'queue' : 'asMeasured';
    case 'share':
      return source.part.kind === 'alb' && isLoad(source.part.metric) ? 'total' : 'asMeasured';
    default:
      return 'asMeasured';
  }
}

/** Requests, and answers that do not tell of overload. */
function isLoad(metric: string): boolean {
  return /^(RequestCount|HTTPCode_Target_[234]XX_Count)$/.test(metric);
}

function ofLoadBalancer(metric: string, stat: string): Treatment {
  if (isLoad(metric)) return 'total';
  if (metric === 'RequestCountPerTarget') return 'perTask';
  if (metric === 'HealthyHostCount') return 'hosts';
  if (metric === 'TargetResponseTime') return stat === 'SampleCount' ? 'total' : 'latency';
  return 'asMeasured';
}

/** CPU of the service as its tasks show it on average: what tells how busy they are. */
export function isCpu(spec: SignalSpec | undefined): boolean {
  return spec?.source.kind === 'ecs' && spec.source.metric === 'CPUUtilization' && spec.averagedOverTasks;
}
