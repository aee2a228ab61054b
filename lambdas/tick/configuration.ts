/** The function's environment, decoded once into a typed value. The stack writes it; see `lib/cdk/function.ts`. */
import * as z from 'zod/mini';
import { BadInput } from '../../lib/policy/bad-input.ts';

export interface Configuration {
  /** The DynamoDB table that holds leases, states and the ledger. */
  readonly tableName: string;
  /** The tick is aborted so many milliseconds before Lambda's own time limit, so that it can give its lease back. */
  readonly abortLeadMs: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const variables = {
  TABLE_NAME: {
    schema: z.string().check(z.minLength(1)),
    mend: 'set it to the name of the DynamoDB table of the stack',
  },
  ABORT_LEAD_MS: {
    schema: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(10_000)), 1_000),
    mend: 'give whole milliseconds from 0 to 10000, or leave it out for 1000',
  },
} as const;

type Variable = keyof typeof variables;

/** Throws `BadInput`: one sentence that names the variable, its value and the mend. */
export function configurationFrom(environment: Environment): Configuration {
  return {
    tableName: decode('TABLE_NAME', environment),
    abortLeadMs: decode('ABORT_LEAD_MS', environment),
  };
}

function decode<V extends Variable>(name: V, environment: Environment): z.infer<(typeof variables)[V]['schema']> {
  const { schema, mend } = variables[name];
  const decoded = z.safeParse(schema, environment[name]);
  if (decoded.success) return decoded.data as z.infer<(typeof variables)[V]['schema']>;
  const fault = environment[name] === undefined ? 'is missing' : `is "${environment[name]}"`;
  throw new BadInput(`Environment variable ${name} ${fault}: ${mend}.`);
}
