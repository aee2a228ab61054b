/** The function's environment, decoded once into a typed value. The stack writes it; see `lib/cdk/function.ts`. */
import type { ConfigurationSource } from '../../lib/aws/configuration-session.ts';
import { type PrometheusEndpoints, parsePrometheusEndpoints } from '../../lib/aws/signals/promql/endpoints.ts';
import { BadInput } from '../../lib/policy/bad-input.ts';

export interface Configuration {
  /** The DynamoDB table that holds leases, states and the ledger. */
  readonly tableName: string;
  /** What this scaler is called in its logs and metrics; several in one account are told apart by it. */
  readonly scaler: string;
  /** `shadow`: nothing acts, whatever the policies say. */
  readonly mode: 'act' | 'shadow';
  /** How many shards there are. */
  readonly shards: number;
  /** The tick is aborted so many milliseconds before Lambda's own time limit, so that it can give its lease back. */
  readonly abortLeadMs: number;
  /** Where the policies are in AppConfig; absent: beside the function. */
  readonly policies?: ConfigurationSource;
  /** Servers that policies may name in `from`. */
  readonly prometheus?: PrometheusEndpoints;
  /** The queue that holds a minute's other ticks back; absent: there are none. */
  readonly queueUrl?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** How one variable is read: undefined where it is wrong. */
interface Variable<T> {
  readonly read: (text: string | undefined) => T | undefined;
  readonly mend: string;
}

const required = (text: string | undefined) => (text === '' ? undefined : text);
const name = (fallback: string) => (text: string | undefined) => required(text ?? fallback);
const whole = (fallback: number, least: number, most: number) => (text: string | undefined) => {
  const value = text === undefined ? fallback : text.trim() === '' ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
};

const TABLE_NAME: Variable<string> = {
  read: required,
  mend: 'set it to the name of the DynamoDB table of the stack',
};
const SCALER_NAME: Variable<string> = { read: name('schmitt'), mend: 'give a name, or leave it out for schmitt' };
const MODE: Variable<Configuration['mode']> = {
  read: (text = 'act') => (text === 'act' || text === 'shadow' ? text : undefined),
  mend: 'set it to act or shadow, or leave it out for act',
};
const SHARDS: Variable<number> = {
  read: whole(1, 1, 1_000),
  mend: 'give a whole number from 1 to 1000, or leave it out for 1',
};
const ABORT_LEAD_MS: Variable<number> = {
  read: whole(1_000, 0, 10_000),
  mend: 'give whole milliseconds from 0 to 10000, or leave it out for 1000',
};
const POLICIES: Variable<ConfigurationSource> = {
  read: (text = '') => {
    const [, application, environment, profile] = /^([^/]+)\/([^/]+)\/([^/]+)$/.exec(text) ?? [];
    if (application === undefined || environment === undefined || profile === undefined) return undefined;
    return { application, environment, profile };
  },
  mend: 'give application/environment/profile of AppConfig, or leave it out for the policies beside the function',
};
const TICK_QUEUE_URL: Variable<string> = {
  read: required,
  mend: 'set it to the URL of the queue of the stack, or leave it out',
};

/** Throws `BadInput`: one sentence that names the variable, its value and the mend. */
export function configurationFrom(environment: Environment): Configuration {
  const decode = <T>(variable: string, { read, mend }: Variable<T>): T => {
    const value = read(environment[variable]);
    if (value !== undefined) return value;
    const fault = environment[variable] === undefined ? 'is missing' : `is "${environment[variable]}"`;
    throw new BadInput(`Environment variable ${variable} ${fault}: ${mend}.`);
  };
  const { POLICIES: source, TICK_QUEUE_URL: queueUrl, PROMETHEUS: servers } = environment;
  return {
    tableName: decode('TABLE_NAME', TABLE_NAME),
    scaler: decode('SCALER_NAME', SCALER_NAME),
    mode: decode('MODE', MODE),
    shards: decode('SHARDS', SHARDS),
    abortLeadMs: decode('ABORT_LEAD_MS', ABORT_LEAD_MS),
    ...(source === undefined ? {} : { policies: decode('POLICIES', POLICIES) }),
    ...(servers === undefined ? {} : { prometheus: parsePrometheusEndpoints(servers, environment) }),
    ...(queueUrl === undefined ? {} : { queueUrl: decode('TICK_QUEUE_URL', TICK_QUEUE_URL) }),
  };
}
