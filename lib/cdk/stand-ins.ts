/**
 * Names that CloudFormation makes, of services, queues and metrics in the same app, are tokens at synth: texts that nobody can check or
 * hash. In the policies a stand-in, made of the construct's path, holds each one's place, and the deployment resolves it.
 */
import { Token } from 'aws-cdk-lib';
import { CfnCluster, CfnService, type IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import type { ServiceName } from '../policy/policy.ts';

const LONGEST = 200;

export class StandIns {
  readonly #names = new Map<string, string>();

  /** The text itself where it is known; else what stands for it, made of `path`. The same token has one stand-in. */
  of(text: string, path: string): string {
    if (!Token.isUnresolved(text)) return text;
    const known = [...this.#names].find(([, token]) => token === text);
    if (known !== undefined) return known[0];
    const plain = path.replace(/[^A-Za-z0-9_-]+/g, '-').slice(-LONGEST);
    let name = plain;
    for (let nth = 2; this.#names.has(name); nth += 1) name = `${plain}-${nth}`;
    this.#names.set(name, text);
    return name;
  }

  /** What a stand-in stands for, a token; any other text is itself. */
  resolve(text: string): string {
    return this.#names.get(text) ?? text;
  }

  /** From each stand-in to its token, for the deployment. */
  get names(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#names);
  }

  /** A service by its names. One that was given a physical name goes by it. */
  ofService(service: IBaseService): ServiceName {
    const { cluster } = service;
    return {
      cluster: this.of(literal(cluster, CfnCluster, 'clusterName') ?? cluster.clusterName, cluster.node.path),
      service: this.of(literal(service, CfnService, 'serviceName') ?? service.serviceName, service.node.path),
    };
  }
}

/** The physical name that a resource was given, if it was: its attribute is a token all the same. */
function literal<K extends string>(
  { node }: IConstruct,
  type: abstract new (...args: never[]) => { [key in K]?: string | undefined },
  field: K,
): string | undefined {
  const child: unknown = node.tryFindChild('Resource') ?? node.tryFindChild('Service') ?? node.defaultChild;
  const name = child instanceof type ? child[field] : undefined;
  return name === undefined || Token.isUnresolved(name) ? undefined : name;
}
