/** What ECS knows of clusters and services, and how a request names them. */
import type { EpochMs } from '../../policy/policy.ts';
import type { Plant } from '../../sim/types.ts';
import { AwsError } from '../aws-error.ts';

export interface EcsService {
  readonly arn: string;
  readonly cluster: string;
  readonly name: string;
  readonly plant: Plant;
  /** As the plant's metrics name them. */
  readonly targetGroupArns: readonly string[];
  /** Changes that reads do not show yet, oldest first: when they were made and the count before them. */
  unseen: readonly { readonly at: EpochMs; readonly before: number }[];
}

export interface EcsOptions {
  readonly account: string;
  readonly region: string;
  readonly plants: readonly Plant[];
  /** Virtual seconds for which `DescribeServices` still shows the count before an `UpdateService`. */
  readonly staleReadSeconds: number;
}

/** All services of the local account, by cluster and name, in the order of the plants. */
export class EcsRegistry {
  readonly arnPrefix: string;
  readonly staleReadSeconds: number;
  readonly #targetGroupPrefix: string;
  readonly #clusters = new Map<string, Map<string, EcsService>>();

  constructor({ account, region, plants, staleReadSeconds }: EcsOptions) {
    this.arnPrefix = `arn:aws:ecs:${region}:${account}`;
    this.#targetGroupPrefix = `arn:aws:elasticloadbalancing:${region}:${account}:`;
    this.staleReadSeconds = staleReadSeconds;
    for (const plant of plants) this.#add(plant);
  }

  /** The services of a cluster that is given by name or ARN, or of `default`. */
  cluster(given: string | undefined): { readonly name: string; readonly services: ReadonlyMap<string, EcsService> } {
    const name = this.#clusterName(given ?? 'default');
    const services = this.#clusters.get(name);
    if (services === undefined) throw new AwsError(400, 'ClusterNotFoundException', 'Cluster not found.');
    return { name, services };
  }

  /** The name in a service's name or ARN, short or long form. */
  serviceName(given: string, cluster: string): string {
    if (!given.startsWith('arn:')) return given;
    const path = this.#pathOf(given, 'service');
    const name = path.at(-1);
    if (path.length > 2 || name === undefined) throw invalid(`Invalid identifier: ${given}`);
    if (path.length === 2 && path[0] !== cluster) {
      throw invalid(`Invalid identifier: Identifier is for cluster ${path[0]}. Your cluster is ${cluster}`);
    }
    return name;
  }

  serviceArn(cluster: string, name: string): string {
    return `${this.arnPrefix}:service/${cluster}/${name}`;
  }

  #add(plant: Plant): void {
    const { cluster, service: name } = plant.view();
    const services = this.#clusters.get(cluster) ?? new Map<string, EcsService>();
    if (services.has(name)) throw new Error(`two plants are called ${cluster}/${name}`);
    const groups = new Set(plant.metrics().flatMap(({ dimensions }) => dimensions.TargetGroup ?? []));
    const targetGroupArns = [...groups].map((group) => this.#targetGroupPrefix + group);
    services.set(name, { arn: this.serviceArn(cluster, name), cluster, name, plant, targetGroupArns, unseen: [] });
    this.#clusters.set(cluster, services);
  }

  #clusterName(given: string): string {
    if (!given.startsWith('arn:')) return given;
    return this.#pathOf(given, 'cluster').join('/');
  }

  #pathOf(arn: string, kind: 'cluster' | 'service'): readonly string[] {
    const prefix = `${this.arnPrefix}:${kind}/`;
    if (!arn.startsWith(prefix)) throw invalid(`Invalid identifier: ${arn} is no ${kind} of ${this.arnPrefix}`);
    return arn.slice(prefix.length).split('/');
  }
}

export function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterException', message);
}
