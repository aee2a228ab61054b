/** `DescribeServices` and `ListServices`. Both are behind the truth for a while after a change, as the real ones are. */
import { integer, type JsonObject, text, texts } from '../json-input.ts';
import { serviceJson } from './service-json.ts';
import { type EcsRegistry, type EcsService, invalid } from './services.ts';

const DESCRIBE_MOST = 10;
const LIST_DEFAULT = 10;
const LIST_MOST = 100;

export function describeServices(registry: EcsRegistry, input: JsonObject): object {
  const { name: cluster, services } = registry.cluster(text(input, 'cluster'));
  const asked = texts(input, 'services');
  if (asked.length === 0) throw invalid('Services cannot be empty.');
  if (asked.length > DESCRIBE_MOST) throw invalid(`service names can have at most ${DESCRIBE_MOST} items.`);
  const found: object[] = [];
  const failures: object[] = [];
  for (const name of asked.map((given) => registry.serviceName(given, cluster))) {
    const service = services.get(name);
    if (service === undefined) failures.push({ arn: registry.serviceArn(cluster, name), reason: 'MISSING' });
    else found.push(serviceJson(service, registry.arnPrefix, staleCount(service, registry.staleReadSeconds)));
  }
  return { services: found, failures };
}

/** The count before the oldest change that reads do not show yet; undefined: reads are up to date. */
function staleCount(service: EcsService, staleReadSeconds: number): number | undefined {
  if (service.unseen.length === 0) return undefined;
  const shownUntil = service.plant.now - staleReadSeconds * 1000;
  service.unseen = service.unseen.filter(({ at }) => at > shownUntil);
  return service.unseen[0]?.before;
}

export function listServices(registry: EcsRegistry, input: JsonObject): object {
  const { name: cluster, services } = registry.cluster(text(input, 'cluster'));
  const most = integer(input, 'maxResults') ?? LIST_DEFAULT;
  if (most < 1 || most > LIST_MOST) throw invalid(`maxResults must be between 1 and ${LIST_MOST}, and is ${most}.`);
  const strategy = text(input, 'schedulingStrategy');
  const launchType = text(input, 'launchType') ?? 'FARGATE';
  const listed = [...services.values()].filter(({ plant }) => {
    const { status, schedulingStrategy } = plant.view();
    return status !== 'INACTIVE' && (strategy ?? schedulingStrategy) === schedulingStrategy && launchType === 'FARGATE';
  });
  const from = positionOf(text(input, 'nextToken'), cluster);
  const page = listed.slice(from, from + most).map(({ arn }) => arn);
  const end = from + page.length;
  return { serviceArns: page, ...(end < listed.length ? { nextToken: tokenFor(cluster, end) } : {}) };
}

function tokenFor(cluster: string, position: number): string {
  return Buffer.from(JSON.stringify([cluster, position])).toString('base64url');
}

function positionOf(token: string | undefined, cluster: string): number {
  if (token === undefined) return 0;
  const decoded = Buffer.from(token, 'base64url').toString('utf8');
  const position = Number(/,(\d+)\]$/.exec(decoded)?.[1]);
  if (tokenFor(cluster, position) !== token) throw invalid('Invalid token.');
  return position;
}
