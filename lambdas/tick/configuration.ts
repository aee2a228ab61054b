/** The function's environment, decoded once into a typed value. The stack writes it; see `lib/cdk/function.ts`. */
import * as z from 'zod/mini';
import type { ConfigurationSource } from '../../lib/aws/configuration-session.ts';
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
  /** The queue that holds a minute's other ticks back; absent: there are none. */
  readonly queueUrl?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const name = z.string().check(z.minLength(1));

const variables = {
  TABLE_NAME: { schema: name, mend: 'set it to the name of the DynamoDB table of the stack' },
  SCALER_NAME: { schema: z._default(name, 'schmitt'), mend: 'give a name, or leave it out for schmitt' },
  MODE: {
    schema: z._default(z.enum(['act', 'shadow']), 'act'),
    mend: 'set it to act or shadow, or leave it out for act',
  },
  SHARDS: {
    schema: z._default(z.coerce.number().check(z.int(), z.minimum(1)), 1),
    mend: 'give a whole number from 1, or leave it out for 1',
  },
  ABORT_LEAD_MS: {
    schema: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(10_000)), 1_000),
    mend: 'give whole milliseconds from 0 to 10000, or leave it out for 1000',
  },
  POLICIES: {
    schema: z.optional(z.string().check(z.regex(/^[^/]+\/[^/]+\/[^/]+$/))),
    mend: 'give application/environment/profile of AppConfig, or leave it out for the policies beside the function',
  },
  TICK_QUEUE_URL: {
    schema: z.optional(name),
    mend: 'set it to the URL of the queue of the stack, or leave it out',
  },
} as const;

type Variable = keyof typeof variables;
type Value<V extends Variable> = z.infer<(typeof variables)[V]['schema']>;

/** Throws `BadInput`: one sentence that names the variable, its value and the mend. */
export function configurationFrom(environment: Environment): Configuration {
  const source = decode('POLICIES', environment);
  const queueUrl = decode('TICK_QUEUE_URL', environment);
  return {
    tableName: decode('TABLE_NAME', environment),
    scaler: decode('SCALER_NAME', environment),
    mode: decode('MODE', environment),
    shards: decode('SHARDS', environment),
    abortLeadMs: decode('ABORT_LEAD_MS', environment),
    ...(source === undefined ? {} : { policies: sourceOf(source) }),
    ...(queueUrl === undefined ? {} : { queueUrl }),
  };
}

function sourceOf(text: string): ConfigurationSource {
  const [application = '', environment = '', profile = ''] = text.split('/');
  return { application, environment, profile };
}

function decode<V extends Variable>(variable: V, environment: Environment): Value<V> {
  const { schema, mend } = variables[variable];
  const decoded = z.safeParse(schema, environment[variable]);
  if (decoded.success) return decoded.data as Value<V>;
  const fault = environment[variable] === undefined ? 'is missing' : `is "${environment[variable]}"`;
  throw new BadInput(`Environment variable ${variable} ${fault}: ${mend}.`);
}
