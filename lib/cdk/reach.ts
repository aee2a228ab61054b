/** Which services the tick reaches, as ARNs: those that were handed to `scale` one by one, the clusters of policy files whole. */
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PolicySet, ServicePolicy } from '../policy/policy.ts';
import type { Scaled } from './policy-model.ts';
import type { StandIns } from './stand-ins.ts';

/** The policies, and what is known of the names in them. */
export interface Settled {
  readonly set: PolicySet;
  readonly standIns: StandIns;
  readonly scaled: readonly Scaled[];
}

export interface Reach {
  /** ARNs of services that may be looked at. */
  readonly read: readonly string[];
  /** Those with mode act: in shadow the role itself cannot change a count. */
  readonly act: readonly string[];
  /** ARNs of the clusters of all these, and of the deployments of every service in them; and as findings name them. */
  readonly clusters: readonly { readonly arn: string; readonly deployments: string; readonly finding: string }[];
  /** Clusters of which every service is reached, as findings name them. */
  readonly wildcards: readonly string[];
}

/** A role's inline policies hold 10,240 characters: of more services than these in one cluster, the whole cluster is named. */
const MOST_NAMED = 20;

export function reachOf(scope: Construct, settled: Settled): Reach {
  const live = settled.set.services.filter(({ mode }) => mode !== 'off');
  const acting = live.filter(({ mode }) => mode === 'act');
  const [read, act] = [resourcesOf(live, settled), resourcesOf(acting, settled)];
  const stack = Stack.of(scope);
  const arns = (resources: readonly string[]) =>
    resources.map((resourceName) => stack.formatArn({ service: 'ecs', resource: 'service', resourceName }));
  const whole = read.filter((resource) => resource.endsWith('/*')).map((resource) => resource.slice(0, -2));
  return {
    ...{ read: arns(read), act: arns(act), wildcards: whole.map((cluster) => findingOf(stack, cluster)) },
    clusters: [...new Set(live.map(({ cluster }) => settled.standIns.resolve(cluster)))].sort().map((cluster) => ({
      arn: stack.formatArn({ service: 'ecs', resource: 'cluster', resourceName: cluster }),
      deployments: stack.formatArn({
        ...{ service: 'ecs', resource: 'service-deployment', resourceName: `${cluster}/*` },
      }),
      finding: findingOf(stack, cluster),
    })),
  };
}

/** `cluster/service`, or `cluster/*`, each once. */
function resourcesOf(services: readonly ServicePolicy[], { standIns, scaled }: Settled): readonly string[] {
  const handed = new Set(scaled.map(({ name }) => `${name.cluster}/${name.service}`));
  const resources = [...new Set(services.map(({ cluster }) => cluster))].flatMap((cluster) => {
    const members = services.filter((one) => one.cluster === cluster);
    const own = standIns.resolve(cluster);
    const isNamed = (one: ServicePolicy) => handed.has(`${one.cluster}/${one.service}`);
    if (members.length > MOST_NAMED || !members.every(isNamed)) return [`${own}/*`];
    return members.map(({ service }) => `${own}/${standIns.resolve(service)}`);
  });
  return resources.sort();
}

/** As cdk-nag writes what it finds: a reference in angle brackets. */
function findingOf(stack: Stack, cluster: string): string {
  const resolved: unknown = stack.resolve(cluster);
  if (typeof resolved !== 'object' || resolved === null) return cluster;
  const [[name, given] = []] = Object.entries(resolved);
  return `<${name === 'Fn::GetAtt' && Array.isArray(given) ? given.join('.') : String(given)}>`;
}
