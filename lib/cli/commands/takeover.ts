/** `schmitt takeover|release`: takes a service from Application Auto Scaling, and gives it back as it was. */

import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { awsHeadroom } from '../../aws/headroom/findings-store.ts';
import { awsTakeovers } from '../../aws/headroom/takeovers.ts';
import { awsServices } from '../../aws/services.ts';
import { tableOf } from '../../aws/store.ts';
import { systemClock } from '../../aws/system-clock.ts';
import { BadInput } from '../../policy/bad-input.ts';
import { EXIT } from '../complain.ts';
import { giveBack, type Handover, type HandoverOptions, takeOver } from '../operator/takeover.ts';
import type { AddCommand, Terminal } from './command.ts';
import { type ShardedOptions, shardsArgument, tableArgument, withShards, withTable } from './operator-arguments.ts';

/** All calls of one command together, the wait for an answer aside. */
const TIME_LIMIT_MS = 30_000;

interface Options extends ShardedOptions {
  readonly owner: string;
  readonly yes?: true;
  readonly dryRun?: true;
}

export const addTakeover: AddCommand = (program, terminal, done) => {
  const handing = async (options: Options, hand: (handover: Handover, told: HandoverOptions) => Promise<void>) => {
    await withHandover(options, terminal, hand);
    done(EXIT.done);
  };
  withOptions(
    program
      .command('takeover <service>')
      .description('take a service from Application Auto Scaling: suspend it, and record how to give it back')
      .option('--backstop', 'leave scaling out to it, for the day the scaler is dead'),
  ).action((service: string, options: Options & { readonly backstop?: true }) =>
    handing(options, (handover, told) => takeOver(handover, service, options.backstop ? 'backstop' : 'all', told)),
  );
  withOptions(
    program.command('release <service>').description('give a service back to Application Auto Scaling, as it was'),
  ).action((service: string, options: Options) =>
    handing(options, (handover, told) => giveBack(handover, service, told)),
  );
};

function withOptions(command: Command): Command {
  return withShards(withTable(command))
    .option('--owner <name>', 'who does so', userInfo().username)
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be done, and do nothing');
}

async function withHandover(
  options: Options,
  terminal: Terminal,
  hand: (handover: Handover, told: HandoverOptions) => Promise<void>,
): Promise<void> {
  const shards = shardsArgument(options.shards);
  // Every command would wait for the clients that this one alone needs.
  const [{ headroomClients }, { awsOtherScalings }] = await Promise.all([
    import('../../aws/headroom/clients.ts'),
    import('../../aws/headroom/other-scalings.ts'),
  ]);
  const clients = headroomClients({});
  const table = tableOf({
    client: clients.dynamodb,
    tableName: tableArgument(options.table),
    callMs: clients.limits.callMs,
  });
  const handover: Handover = {
    clock: systemClock,
    abort: AbortSignal.timeout(TIME_LIMIT_MS),
    services: awsServices(clients),
    scalings: awsOtherScalings(clients),
    takeovers: awsTakeovers(table, systemClock),
    headroom: awsHeadroom(table),
  };
  try {
    await hand(handover, {
      ...{ shards, owner: options.owner, dryRun: options.dryRun === true },
      say: (line) => terminal.out.write(`${line}\n`),
      confirm: () => (options.yes === true ? Promise.resolve(true) : asked(terminal)),
    });
  } finally {
    clients.close();
  }
}

/** A script has nobody who could answer. */
async function asked({ in: input, out: output }: Terminal): Promise<boolean> {
  if (!('isTTY' in input) || input.isTTY !== true)
    throw new BadInput('Nobody is there to be asked; say --yes, or --dry-run to look only.');
  const lines = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await lines.question('Go on? [y/N] ')).trim());
  } finally {
    lines.close();
  }
}
