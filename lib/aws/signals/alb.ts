/**
 * What an Application Load Balancer says of a service, over all target groups that the service has or moves its traffic to: a
 * blue/green deployment swaps them, and the one that gets no traffic is silent.
 *
 * Counts and hosts are summed. Of percentiles, averages and maxima the worst group counts, of minima the least, because the percentile of
 * a whole cannot be had from those of its parts. Requests per target are weighed by the healthy hosts of each group, so that the number
 * times the hosts is all requests.
 */
import type { SignalQuery } from '../../loop/ports.ts';
import type { SignalSource } from '../../policy/policy.ts';
import { samplesNeeded } from '../../policy/samples.ts';
import type { Planning } from './plan.ts';
import { type Recipe, type TargetGroupsRecipe, unread } from './recipe.ts';
import { settledWindow } from './window.ts';

const NAMESPACE = 'AWS/ApplicationELB';

export function planAlb(query: SignalQuery, source: SignalSource & { kind: 'alb' }, planning: Planning): Recipe {
  const { spec, periods } = query;
  const { periodSeconds, scale, stat } = spec;
  const attached = planning.attached(query.targetGroups);
  if (attached.kind === 'unknown') return unread(spec, attached.cause, attached.status);
  const network = attached.groups.find(({ loadBalancer }) => !loadBalancer.startsWith('app/'));
  if (network !== undefined) {
    return unread(spec, `${network.loadBalancer} is no Application Load Balancer and has no ${source.metric}`);
  }
  const window = settledWindow(spec, periods, planning.now);
  const combine = combinationOf(source.metric, stat);
  const needed = samplesNeeded(spec);
  const groups = attached.groups.map(({ dimensions }) => {
    const ask = (metric: string, statistic: string) =>
      planning.wanted.metric({ namespace: NAMESPACE, metric, dimensions }, statistic, periodSeconds, window);
    const id = ask(source.metric, stat);
    if (needed !== undefined) return { id, samplesId: ask(source.metric, 'SampleCount') };
    return combine === 'perTarget' ? { id, hostsId: ask('HealthyHostCount', 'Average') } : { id };
  });
  const { start, end } = window;
  if (needed === undefined) return { kind: 'targetGroups', combine, groups, start, end, periodSeconds, scale };
  return { kind: 'targetGroups', combine, groups, samplesNeeded: needed, start, end, periodSeconds, scale };
}

function combinationOf(metric: string, stat: string): TargetGroupsRecipe['combine'] {
  if (stat === 'SampleCount') return 'sum';
  if (/^p\d/.test(stat)) return 'most';
  if (metric === 'RequestCountPerTarget') return 'perTarget';
  if (metric.endsWith('HostCount') || (stat === 'Sum' && metric !== 'TargetResponseTime')) return 'sum';
  return stat === 'Minimum' ? 'least' : 'most';
}

/**
 * Metrics that a load balancer sends "only if there is a nonzero value" ("CloudWatch metrics for your Application Load Balancer", reporting
 * criteria): their silence is zero in a period in which requests were counted.
 */
export function silenceIsZero(source: SignalSource): boolean {
  return source.kind === 'alb' && /^(HTTPCode_|TargetConnectionError|TargetTLSNegotiationError)/.test(source.metric);
}
