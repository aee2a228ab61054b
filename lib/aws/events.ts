/** What EventBridge sends us, as events of our own. Read by shape: a rule that is too wide must not fail an invocation. */
import type { ShardEvent } from '../loop/ports.ts';
import type { ServiceName } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';

export type ReadEvents =
  | { readonly kind: 'events'; readonly events: readonly ShardEvent[] }
  /** It says nothing about a service. */
  | { readonly kind: 'other' }
  /** It was meant for us and cannot be read: one sentence. */
  | { readonly kind: 'refused'; readonly sentence: string };

/** `detail-type` of a number that an application pushes, whatever its `source`. */
export const PUSHED_TYPE = 'schmitt.signal';

interface Envelope {
  readonly id: string;
  readonly at: number;
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export function readEvents(given: unknown): ReadEvents {
  const envelope = envelopeOf(given);
  if (envelope === undefined) return { kind: 'other' };
  switch (envelope.type) {
    case PUSHED_TYPE:
      return pushedIn(envelope);
    case 'ECS Deployment State Change':
    case 'ECS Service Action':
      return wakes(
        envelope,
        envelope.resources.flatMap(serviceOfArn),
        String(envelope.detail.eventName ?? envelope.type),
      );
    case 'AWS API Call via CloudTrail':
      return updatedIn(envelope);
    case 'CloudWatch Alarm State Change':
      return wakes(envelope, servicesOfAlarm(envelope.detail), `alarm ${envelope.detail.alarmName}`);
    default:
      return { kind: 'other' };
  }
}

function envelopeOf(given: unknown): Envelope | undefined {
  if (!isRecord(given)) return undefined;
  const { id, time, 'detail-type': type, resources = [], detail } = given;
  const at = Date.parse(String(time));
  if (typeof id !== 'string' || typeof type !== 'string' || Number.isNaN(at) || !isRecord(detail)) return undefined;
  return { id, at, type, resources: Array.isArray(resources) ? resources.map(String) : [], detail };
}

function wakes({ id, at }: Envelope, services: readonly ServiceName[], why: string): ReadEvents {
  if (services.length === 0) return { kind: 'other' };
  const events = services.map(
    ({ cluster, service }): ShardEvent => ({
      id: `${id} ${cluster}/${service}`,
      at,
      cluster,
      service,
      kind: 'wake',
      why,
    }),
  );
  return { kind: 'events', events };
}

/** An `UpdateService` that ECS took, and that says a count. Who called it is only of use to people: nothing is decided by it. */
function updatedIn({ id, detail }: Envelope): ReadEvents {
  const { eventSource, eventName, errorCode, eventTime, requestParameters, userIdentity } = detail;
  if (eventSource !== 'ecs.amazonaws.com' || eventName !== 'UpdateService' || errorCode !== undefined)
    return { kind: 'other' };
  const [cluster, service, desired] = ['cluster', 'service', 'desiredCount'].map((name) => at(requestParameters, name));
  const named = serviceCalled(cluster, service);
  const when = Date.parse(String(eventTime));
  if (named === undefined || typeof desired !== 'number' || !Number.isFinite(when)) return { kind: 'other' };
  const principal = principalOf(userIdentity);
  return { kind: 'events', events: [{ id, at: when, ...named, kind: 'updated', desired, principal }] };
}

/** As `UpdateService` takes them: each by its name or its ARN, and the cluster `default` where none is said. */
function serviceCalled(cluster: unknown = 'default', service: unknown): ServiceName | undefined {
  if (typeof cluster !== 'string' || typeof service !== 'string') return undefined;
  const lastOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  return { cluster: lastOf(cluster), service: lastOf(service) };
}

const LONGEST_PRINCIPAL = 200;

/** AWS itself has no ARN, but says by which of its services. */
function principalOf(identity: unknown): string {
  const known = ['arn', 'invokedBy', 'principalId'].map((field) => at(identity, field));
  const found = known.find((one): one is string => typeof one === 'string' && one !== '');
  return (found ?? 'an unnamed principal').slice(0, LONGEST_PRINCIPAL);
}

/** `{ service: 'prod/checkout', name: 'load', value: 42, time: '2026-11-20T08:00:00Z' }`; without a time, that of the event. */
function pushedIn({ id, at, detail }: Envelope): ReadEvents {
  const refused = (rest: string): ReadEvents => ({
    kind: 'refused',
    sentence: `Event ${id}, ${PUSHED_TYPE}: ${rest}.`,
  });
  const { service, name, value, time } = detail;
  const [named] = typeof service === 'string' ? serviceNamed(service) : [];
  if (named === undefined) return refused(`service is ${JSON.stringify(service)}; write cluster/service or its ARN`);
  if (typeof name !== 'string' || name === '')
    return refused(`name is ${JSON.stringify(name)}; write the signal's name`);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return refused(`value of ${name} is ${JSON.stringify(value)}; write a finite number`);
  }
  const said = time === undefined ? at : typeof time === 'number' ? time : Date.parse(String(time));
  if (!Number.isFinite(said))
    return refused(`time of ${name} is ${JSON.stringify(time)}; write it as 2026-11-20T08:00:00Z`);
  return { kind: 'events', events: [{ id, at: said, ...named, kind: 'pushed', signal: name, value }] };
}

function serviceNamed(text: string): readonly ServiceName[] {
  if (text.startsWith('arn:')) return serviceOfArn(text);
  const [, cluster, service] = /^([\w-]{1,255})\/([\w-]{1,255})$/.exec(text) ?? [];
  return cluster === undefined || service === undefined ? [] : [{ cluster, service }];
}

/** The long form only: the short one has no cluster. */
function serviceOfArn(arn: string): readonly ServiceName[] {
  const [, cluster, service] = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:service\/([^/]+)\/([^/]+)$/.exec(arn) ?? [];
  return cluster === undefined || service === undefined ? [] : [{ cluster, service }];
}

/** The services whose metrics the alarm watches, and those that its description names as `schmitt: cluster/service`. */
function servicesOfAlarm(detail: Readonly<Record<string, unknown>>): readonly ServiceName[] {
  const configuration = isRecord(detail.configuration) ? detail.configuration : {};
  const metrics = Array.isArray(configuration.metrics) ? configuration.metrics : [];
  const watched = metrics.flatMap((one) => serviceOfDimensions(at(at(at(one, 'metricStat'), 'metric'), 'dimensions')));
  const named = [...String(configuration.description ?? '').matchAll(/schmitt: ([\w-]+\/[\w-]+)/g)];
  const all = [...watched, ...named.flatMap(([, text = '']) => serviceNamed(text))];
  return [...new Map(all.map((one) => [nameText(one), one])).values()];
}

function serviceOfDimensions(dimensions: unknown): readonly ServiceName[] {
  const [cluster, service] = [at(dimensions, 'ClusterName'), at(dimensions, 'ServiceName')];
  return typeof cluster === 'string' && typeof service === 'string' ? [{ cluster, service }] : [];
}

function at(value: unknown, field: string): unknown {
  return isRecord(value) ? value[field] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
