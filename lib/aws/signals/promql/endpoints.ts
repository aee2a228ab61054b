/** The Prometheus servers a policy may name in `from`: where they are and how they know us. */
import { BadInput } from '../../../policy/bad-input.ts';
import type { ServiceName } from '../../../policy/policy.ts';

/** A secret, or who tells it when it is needed. */
export type Secret = string | (() => string | Promise<string>);

export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: Secret }
  | { readonly kind: 'basic'; readonly user: string; readonly password: Secret }
  /** `aps`: Amazon Managed Service for Prometheus; `monitoring`: CloudWatch's own PromQL. */
  | { readonly kind: 'sigv4'; readonly service: 'aps' | 'monitoring'; readonly region: string };

export interface PrometheusEndpoint {
  /** What stands before `/api/v1/query_range`. */
  readonly url: string;
  readonly authorization: Authorization;
  /**
   * Labels that every selector must carry, so that a policy's query reads the series of its own service; `{cluster}` and `{service}` stand
   * for the service's names. Absent: a selector must name a label itself.
   */
  readonly scope?: Readonly<Record<string, string>>;
}

/** By the name that policies use. */
export type PrometheusEndpoints = Readonly<Record<string, PrometheusEndpoint>>;

export function amazonManagedPrometheus(workspaceId: string, region: string): PrometheusEndpoint {
  const url = `https://aps-workspaces.${region}.amazonaws.com/workspaces/${workspaceId}`;
  return { url, authorization: { kind: 'sigv4', service: 'aps', region } };
}

export function cloudWatchPromql(region: string): PrometheusEndpoint {
  const url = `https://monitoring.${region}.amazonaws.com`;
  return { url, authorization: { kind: 'sigv4', service: 'monitoring', region } };
}

export function scopeFor(
  { scope = {} }: PrometheusEndpoint,
  { cluster, service }: ServiceName,
): Record<string, string> {
  const fill = (value: string) => value.replaceAll('{cluster}', cluster).replaceAll('{service}', service);
  return Object.fromEntries(Object.entries(scope).map(([label, value]) => [label, fill(value)]));
}

const EXAMPLE = '{ "amp": { "workspace": "ws-…", "region": "eu-west-1" } }';

/**
 * From the function's configuration, a JSON object by name:
 * `{ workspace, region }` (AMP), `{ cloudwatch: region }`, or `{ url }` with `bearerFrom`, or `user` and `passwordFrom`, the names of
 * environment variables that hold the secrets; each may have `scope`. Throws `BadInput` with one sentence.
 */
export function parsePrometheusEndpoints(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): PrometheusEndpoints {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new BadInput(`Prometheus endpoints: not JSON; write ${EXAMPLE}.`, { cause });
  }
  if (!isRecord(parsed)) throw new BadInput(`Prometheus endpoints: not an object; write ${EXAMPLE}.`);
  return Object.fromEntries(Object.entries(parsed).map(([name, one]) => [name, endpointOf(name, one, environment)]));
}

function endpointOf(
  name: string,
  given: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): PrometheusEndpoint {
  const bad = (rest: string) => new BadInput(`Prometheus endpoint ${name}: ${rest}.`);
  if (!isRecord(given)) throw bad(`not an object; write ${EXAMPLE}`);
  const known = ['workspace', 'region', 'cloudwatch', 'url', 'bearerFrom', 'user', 'passwordFrom', 'scope'];
  const stranger = Object.keys(given).find((field) => !known.includes(field));
  if (stranger !== undefined) throw bad(`field ${stranger} is not one of ${known.join(', ')}; take it out`);
  const text = (field: string) => {
    const value = given[field];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw bad(`field ${field} is ${JSON.stringify(value)}; write a text`);
  };
  const secret = (field: string): Secret => {
    const variable = text(field) ?? '';
    if (environment[variable] === undefined) {
      throw bad(`field ${field} is "${variable}", and there is no such environment variable; set it`);
    }
    return () => environment[variable] ?? '';
  };
  const scope = scopeOf(given.scope, bad);
  return { ...located(text, secret, bad), ...(scope === undefined ? {} : { scope }) };
}

type Text = (field: string) => string | undefined;

function located(text: Text, secret: (field: string) => Secret, bad: (rest: string) => BadInput): PrometheusEndpoint {
  const [workspace, region, cloudwatch, url] = ['workspace', 'region', 'cloudwatch', 'url'].map(text);
  if (workspace !== undefined && region !== undefined) return amazonManagedPrometheus(workspace, region);
  if (cloudwatch !== undefined) return cloudWatchPromql(cloudwatch);
  if (url === undefined) throw bad('says neither workspace and region, nor cloudwatch, nor url; write one of them');
  if (!/^https?:\/\/[^/?#@\s]+[^?#@\s]*$/.test(url)) throw bad(`field url is "${url}"; write http(s)://host/path`);
  const base = url.replace(/\/+$/, '');
  if (text('bearerFrom') !== undefined) {
    return { url: base, authorization: { kind: 'bearer', token: secret('bearerFrom') } };
  }
  const user = text('user');
  if (user === undefined) return { url: base, authorization: { kind: 'none' } };
  return { url: base, authorization: { kind: 'basic', user, password: secret('passwordFrom') } };
}

function scopeOf(given: unknown, bad: (rest: string) => BadInput): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  if (isRecord(given) && Object.values(given).every((value) => typeof value === 'string')) {
    return given as Record<string, string>;
  }
  throw bad('field scope is no map of labels; write { "service": "{service}" }');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
