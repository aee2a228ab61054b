/** As much of ECS as the adapter speaks with, on a wire that a test can break. */
import { awsClients, type CallLimits } from '../../lib/aws/clients.ts';
import { awsServices } from '../../lib/aws/services.ts';
import type { Services } from '../../lib/loop/ports.ts';
import type { ServiceName } from '../../lib/policy/policy.ts';
import type { ChangeFault, GivenService } from '../contracts/services.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import { failure, type Script, startWire, type Wire, type WireAnswer, type WireRequest } from './wire.ts';

/** What ECS answers of a service; the given facts and whatever a test lays beside them. */
export type EcsService = GivenService & { readonly json?: Readonly<Record<string, unknown>> };

export interface EcsWorld {
  readonly services: Services;
  readonly wire: Wire;
  meet(name: ServiceName, fault: ChangeFault): void;
  desiredOf(name: ServiceName): number;
  /** What happens to requests from now on; undefined: ECS answers. */
  interfere(script: (request: WireRequest) => WireAnswer | undefined): void;
  close(): Promise<void>;
}

export async function startEcs(given: readonly EcsService[], limits: Partial<CallLimits> = {}): Promise<EcsWorld> {
  const services = new Map(given.map((service) => [keyOf(service), service]));
  const faults = new Map<string, ChangeFault>();
  let interfered: (request: WireRequest) => WireAnswer | undefined = () => undefined;
  const script: Script = (request) => interfered(request) ?? answer(request, services, faults);
  const wire = await startWire(script);
  const clients = awsClients({
    region: REGION,
    credentials: CREDENTIALS,
    endpoints: { ecs: wire.endpoint },
    limits: { attempts: 1, ...limits },
  });
  return {
    services: awsServices(clients),
    wire,
    meet: (name, fault) => void faults.set(keyOf(name), fault),
    desiredOf: (name) => services.get(keyOf(name))?.desired ?? Number.NaN,
    interfere: (other) => {
      interfered = other;
    },
    close: async () => {
      clients.close();
      await wire.close();
    },
  };
}

/** A world for one story, closed when it ends. */
export async function withEcs(
  services: readonly EcsService[],
  tell: (world: EcsWorld) => Promise<void>,
  limits: Partial<CallLimits> = {},
): Promise<void> {
  const world = await startEcs(services, limits);
  try {
    await tell(world);
  } finally {
    await world.close();
  }
}

function answer(
  { operation, text }: WireRequest,
  services: Map<string, EcsService>,
  faults: Map<string, ChangeFault>,
): WireAnswer {
  const input = JSON.parse(text);
  const cluster: string = input.cluster;
  if (![...services.values()].some((service) => service.cluster === cluster)) {
    return failure('ClusterNotFoundException', 'Cluster not found.');
  }
  if (operation === 'DescribeServices') return describe(cluster, input.services, services);
  const key = keyOf({ cluster, service: input.service });
  const fault = faults.get(key);
  faults.delete(key);
  return suffer(fault, () => update(key, input.desiredCount, services));
}

function describe(cluster: string, names: readonly string[], services: ReadonlyMap<string, EcsService>): WireAnswer {
  if (names.length > 10) return failure('InvalidParameterException', 'services can have at most 10 items.');
  const keys = names.map((service) => keyOf({ cluster, service }));
  const found = keys.flatMap((key) => services.get(key) ?? []);
  const failures = keys
    .filter((key) => !services.has(key))
    .map((key) => ({ arn: `arn:aws:ecs:${REGION}:123456789012:service/${key}`, reason: 'MISSING' }));
  return { body: { services: found.map(serviceJson), failures } };
}

function suffer(fault: ChangeFault | undefined, change: () => WireAnswer): WireAnswer {
  switch (fault) {
    case undefined:
      return change();
    case 'throttle':
      return failure('ThrottlingException', 'Rate exceeded');
    case 'accessDenied':
      return failure('AccessDeniedException', 'not authorized to perform ecs:UpdateService');
    case 'serverError':
      return failure('ServerException', 'Service Unavailable', 500);
    case 'loseRequest':
      return 'breakOff';
    case 'loseAnswer':
      change();
      return 'breakOff';
  }
}

function update(key: string, desired: number, services: Map<string, EcsService>): WireAnswer {
  const service = services.get(key);
  if (service === undefined) return failure('ServiceNotFoundException', 'Service not found.');
  if (service.status !== 'ACTIVE') return failure('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (service.schedulingStrategy === 'DAEMON' || desired < 0) {
    return failure('InvalidParameterException', 'The desired count is not valid for this service.');
  }
  const changed = { ...service, desired };
  services.set(key, changed);
  return { body: { service: serviceJson(changed) } };
}

function serviceJson({ cluster, service, desired, running, status, schedulingStrategy, json }: EcsService): object {
  const counts = { desiredCount: desired, runningCount: running, pendingCount: Math.max(0, desired - running) };
  return {
    serviceArn: `arn:aws:ecs:${REGION}:123456789012:service/${cluster}/${service}`,
    serviceName: service,
    ...counts,
    status,
    schedulingStrategy,
    deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED', ...counts }],
    deploymentController: { type: 'ECS' },
    ...json,
  };
}

function keyOf({ cluster, service }: ServiceName): string {
  return `${cluster}/${service}`;
}
