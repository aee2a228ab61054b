/** All ports on AWS, composed once a process. */
import type { Clock, Overrides, Policies, Ports } from '../loop/ports.ts';
import { selectedPolicies } from '../loop/selected-policies.ts';
import { taggedOverrides } from '../loop/tagged-overrides.ts';
import { awsClients, type ClientOptions, type Clients } from './clients.ts';
import { describePace } from './describe-pace.ts';
import { awsHeadroom } from './headroom/findings-store.ts';
import { awsLedger, LEDGER_DAYS } from './ledger.ts';
import { awsOverrides } from './overrides.ts';
import { awsServices } from './services.ts';
import type { Meter } from './signals/meter.ts';
import type { PrometheusEndpoints } from './signals/promql/endpoints.ts';
import { awsSignals } from './signals/signals.ts';
import { awsStore, tableOf } from './store.ts';
import { systemClock } from './system-clock.ts';
import type { Table } from './table.ts';
import { awsTaggedServices } from './tagged-services.ts';

export interface AwsPortsOptions extends ClientOptions {
  readonly tableName: string;
  /** Or how to make them of the same clients. */
  readonly policies: Policies | ((made: { readonly table: Table; readonly clock: Clock }) => Policies);
  /** Told what reading signals uses up. */
  readonly meter?: Meter;
  /** By the names that policies use; absent: there are none. */
  readonly prometheus?: PrometheusEndpoints;
  /** Absent: those in the table. */
  readonly overrides?: Overrides;
  /** Absent: the machine's. */
  readonly clock?: Clock;
  readonly ledgerDays?: number;
  /** How many shards divide the account's calls among them; absent: this is the only one. */
  readonly shards?: number;
  /** Unique to this process; marks its writes in the table. Absent: drawn. */
  readonly writer?: string;
}

export interface AwsPorts extends Ports {
  readonly clients: Clients;
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
  const clock = options.clock ?? systemClock;
  const { meter, prometheus } = options;
  const findTagged = awsTaggedServices(clients.tagging, callMs);
  const policies = typeof options.policies === 'function' ? options.policies({ table, clock }) : options.policies;
  return {
    clients,
    clock,
    policies: selectedPolicies(policies, findTagged, clock),
    overrides: options.overrides ?? taggedOverrides(awsOverrides(table), findTagged, clock),
    signals: awsSignals(clients, {
      ...(meter === undefined ? {} : { meter }),
      ...(prometheus === undefined ? {} : { prometheus }),
    }),
    services: awsServices(clients, describePace(options.shards ?? 1, clock)),
    store: awsStore(table),
    headroom: awsHeadroom(table),
    ledger: awsLedger(table, options.ledgerDays ?? LEDGER_DAYS),
    close: clients.close,
  };
}
