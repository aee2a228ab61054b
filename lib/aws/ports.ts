/** All ports on AWS, composed once a process. */
import type { Clock, Overrides, Policies, Ports } from '../loop/ports.ts';
import { awsClients, type ClientOptions } from './clients.ts';
import { awsLedger, LEDGER_DAYS } from './ledger.ts';
import { awsOverrides } from './overrides.ts';
import { awsServices } from './services.ts';
import { awsSignals } from './signals/signals.ts';
import { awsStore, tableOf } from './store.ts';
import { systemClock } from './system-clock.ts';

export interface AwsPortsOptions extends ClientOptions {
  readonly tableName: string;
  readonly policies: Policies;
  /** Absent: those in the table. */
  readonly overrides?: Overrides;
  /** Absent: the machine's. */
  readonly clock?: Clock;
  readonly ledgerDays?: number;
  /** Unique to this process; marks its writes in the table. Absent: drawn. */
  readonly writer?: string;
}

export interface AwsPorts extends Ports {
  /** Closes the connections; a Lambda never does. */
  close(): void;
}

export function awsPorts(options: AwsPortsOptions): AwsPorts {
  const clients = awsClients(options);
  const { callMs } = clients.limits;
  const table = tableOf({
    client: clients.dynamodb,
    tableName: options.tableName,
    callMs,
    ...(options.writer === undefined ? {} : { writer: options.writer }),
  });
  return {
    clock: options.clock ?? systemClock,
    policies: options.policies,
    overrides: options.overrides ?? awsOverrides(table),
    signals: awsSignals(clients),
    services: awsServices(clients),
    store: awsStore(table),
    ledger: awsLedger(table, options.ledgerDays ?? LEDGER_DAYS),
    close: clients.close,
  };
}
