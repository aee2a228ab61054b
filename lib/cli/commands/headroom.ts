/** `schmitt headroom`: room for more tasks, draining, and what else scales a service. */

import { awsClients } from '../../aws/clients.ts';
import { awsHeadroom } from '../../aws/headroom/findings-store.ts';
import { tableOf } from '../../aws/store.ts';
import { systemClock } from '../../aws/system-clock.ts';
import { EXIT } from '../complain.ts';
import { headroomOf } from '../operator/headroom.ts';
import type { AddCommand } from './command.ts';
import { type ShardedOptions, shardsArgument, tableArgument, withShards, withTable } from './operator-arguments.ts';

const TIME_LIMIT_MS = 30_000;

export const addHeadroom: AddCommand = (program, terminal, done) => {
  const command = program
    .command('headroom <service>')
    .description('what AWS has room for, whether it can drain, and what else scales it, as last checked');
  withShards(withTable(command)).action(async (service: string, options: ShardedOptions) => {
    const shards = shardsArgument(options.shards);
    const tableName = tableArgument(options.table);
    const clients = awsClients({});
    try {
      const headroom = awsHeadroom(tableOf({ client: clients.dynamodb, tableName, callMs: clients.limits.callMs }));
      const abort = AbortSignal.timeout(TIME_LIMIT_MS);
      terminal.out.write(`${await headroomOf({ headroom, abort, clock: systemClock }, service, shards)}\n`);
    } finally {
      clients.close();
    }
    done(EXIT.done);
  });
};
