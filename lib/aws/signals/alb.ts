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
import { targetGroupName } from './target-group-name.ts';
import { settledWindow } from './window.ts';

export function planAlb(query: SignalQuery, source: SignalSource & { kind: 'alb' }, planning: Planning): Recipe {
  const { spec, periods, targetGroups } = query;
  if (targetGroups === undefined) return unread(spec, 'the target groups of the service are not known');
  if (targetGroups.length === 0) return unread(spec, 'the service has no target group');
  const behind: Attached[] = [];
  for (const arn of targetGroups) {
    const known = planning.facts.loadBalancers.get(arn);
    if (known?.kind === 'found') behind.push({ arn, loadBalancer: known.name });
    else if (known?.kind !== 'unattached') return unread(spec, known?.cause ?? 'nobody asked for it', known?.status);
  }
  if (behind.length === 0) return unread(spec, 'no target group of the service has a load balancer');
  const network = behind.find(({ loadBalancer }) => !loadBalancer.startsWith('app/'));
  if (network !== undefined) {
    return unread(spec, `${network.loadBalancer} is no Application Load Balancer and has no ${source.metric}`);
  }
  const { periodSeconds, scale, stat } = spec;
  const window = settledWindow(spec, periods, planning.now);
  const combine = combinationOf(source.metric, stat);
  const needed = samplesNeeded(spec);
  const groups = behind.map(({ arn, loadBalancer }) => {
    const dimensions = [
      { name: 'LoadBalancer', value: loadBalancer },
      { name: 'TargetGroup', value: targetGroupName(arn) },
    ];
    const ask = (metric: string, statistic: string) =>
      planning.wanted.metric(
        { namespace: 'AWS/ApplicationELB', metric, dimensions, stat: statistic, periodSeconds },
        window,
      );
    const id = ask(source.metric, stat);
    if (needed !== undefined) return { id, samplesId: ask(source.metric, 'SampleCount') };
    return combine === 'perTarget' ? { id, hostsId: ask('HealthyHostCount', 'Average') } : { id };
  });
  const samples = needed === undefined ? {} : { samplesNeeded: needed };
  return { kind: 'targetGroups', combine, groups, ...samples, ...window, periodSeconds, scale };
}

interface Attached {
  readonly arn: string;
  readonly loadBalancer: string;
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
