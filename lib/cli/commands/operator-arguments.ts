/** What every command of an operator is told beside its service. */
import type { Command } from 'commander';
import { BadInput } from '../../policy/bad-input.ts';

export interface TableOption {
  readonly table?: string;
}

export interface ShardedOptions extends TableOption {
  readonly shards: string;
}

export function withTable(command: Command): Command {
  return command.option('--table <name>', "the scaler's DynamoDB table (default: SCHMITT_TABLE)");
}

export function withShards(command: Command): Command {
  return command.option('--shards <count>', 'how many shards the scaler has', '1');
}

/** The table's name, of the option or the environment. */
export function tableArgument(given: string | undefined): string {
  const name = given ?? process.env.SCHMITT_TABLE;
  if (name !== undefined && name !== '') return name;
  throw new BadInput("No table is named; give --table NAME or set SCHMITT_TABLE, the stack's output StateTable.");
}

/** Ids of shards: `0` up to one less than the count. */
export function shardsArgument(text: string): readonly string[] {
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= 1 && shards <= 1_000)
    return Array.from({ length: shards }, (_, id) => String(id));
  throw new BadInput(`--shards is '${text}'; give the number of shards the scaler was deployed with, 1 or more.`);
}
