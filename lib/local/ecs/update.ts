/** `UpdateService`: the desired count, and a new deployment of the same revision. Whatever else it is asked for is refused by name. */
import { AwsError } from '../aws-error.ts';
import { flag, integer, type JsonObject, text } from '../json-input.ts';
import { serviceJson } from './service-json.ts';
import { type EcsRegistry, type EcsService, invalid } from './services.ts';

/** Tasks per service, the quota of an account. */
const TASKS_MOST = 5000;
const UNDERSTOOD = new Set(['cluster', 'service', 'desiredCount', 'forceNewDeployment']);

export function updateService(registry: EcsRegistry, input: JsonObject): object {
  const { name: cluster, services } = registry.cluster(text(input, 'cluster'));
  const given = text(input, 'service');
  if (given === undefined || given === '') throw invalid('Service cannot be empty.');
  const desired = integer(input, 'desiredCount');
  const service = services.get(registry.serviceName(given, cluster));
  if (service === undefined) throw new AwsError(400, 'ServiceNotFoundException', 'Service not found.');
  refuseWhatIsNotModelled(input);
  refuseByState(service, desired);
  if (desired !== undefined) setDesiredCount(registry, service, desired);
  if (flag(input, 'forceNewDeployment') === true) service.plant.deploy();
  return { service: serviceJson(service, registry.arnPrefix) };
}

function refuseWhatIsNotModelled(input: JsonObject): void {
  const unknown = Object.keys(input).filter((field) => !UNDERSTOOD.has(field) && (input[field] ?? null) !== null);
  if (unknown.length === 0) return;
  throw new AwsError(400, 'UnsupportedFeatureException', `The local cloud does not change ${unknown.join(', ')}.`);
}

function refuseByState(service: EcsService, desired: number | undefined): void {
  const { status, schedulingStrategy } = service.plant.view();
  if (status !== 'ACTIVE') throw new AwsError(400, 'ServiceNotActiveException', 'Service was not ACTIVE.');
  if (desired === undefined) return;
  if (schedulingStrategy === 'DAEMON') {
    throw invalid(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  }
  if (desired < 0) throw invalid(`desiredCount can not be negative, and is ${desired}.`);
  if (desired > TASKS_MOST) throw invalid(`desiredCount can be at most ${TASKS_MOST}, and is ${desired}.`);
}

function setDesiredCount(registry: EcsRegistry, service: EcsService, desired: number): void {
  const { plant } = service;
  if (registry.staleReadSeconds > 0) {
    service.unseen = [...service.unseen, { at: plant.now, before: plant.view().desired }];
  }
  plant.setDesiredCount(desired);
}
