/** What an operator's commands talk to: the table, ECS, and the clock. Made from the real clients, or by a test from what it likes. */
import { awsClients, type ClientOptions } from '../../aws/clients.ts';
import { awsHeadroom } from '../../aws/headroom/findings-store.ts';
import { type HistoryQuery, readHistory } from '../../aws/history.ts';
import { type AwsOverrides, awsOverrides } from '../../aws/overrides.ts';
import { awsServices } from '../../aws/services.ts';
import { awsStore, tableOf } from '../../aws/store.ts';
import { systemClock } from '../../aws/system-clock.ts';
import { awsTaggedServices } from '../../aws/tagged-services.ts';
import { readTaskFacts } from '../../aws/task-facts.ts';
import type { Headroom } from '../../loop/headroom.ts';
import type { Clock, LedgerEntry, Services, Store } from '../../loop/ports.ts';
import type { FindTagged } from '../../loop/selected-policies.ts';
import type { ServiceName } from '../../policy/policy.ts';
import type { TaskPrice } from '../../report/backtest/backtested.ts';
import { taskPriceOf } from '../task-price.ts';

export interface Operator {
  readonly clock: Clock;
  readonly overrides: AwsOverrides;
  readonly services: Pick<Services, 'describe'>;
  readonly store: Pick<Store, 'load' | 'loadRings'>;
  /** Absent: nobody checks. */
  readonly headroom?: Headroom;
  readonly findTagged: FindTagged;
  /** Of one of the service's tasks, as it is defined now. */
  taskPrice(name: ServiceName): Promise<TaskPrice>;
  history(arn: string, query: HistoryQuery): Promise<readonly LedgerEntry[]>;
  /** Ends every call that is still under way. */
  readonly abort: AbortSignal;
  close(): void;
}

export interface OperatorOptions extends ClientOptions {
  readonly tableName: string;
  readonly abort: AbortSignal;
  readonly clock?: Clock;
}

export function operatorFor(options: OperatorOptions): Operator {
  const clients = awsClients(options);
  const table = tableOf({ client: clients.dynamodb, tableName: options.tableName, callMs: clients.limits.callMs });
  const { abort } = options;
  return {
    clock: options.clock ?? systemClock,
    overrides: awsOverrides(table),
    services: awsServices(clients),
    store: awsStore(table),
    headroom: awsHeadroom(table),
    findTagged: awsTaggedServices(clients.tagging, clients.limits.callMs),
    taskPrice: (name) => readTaskFacts(clients, name, abort).then(taskPriceOf),
    history: (arn, query) => readHistory(table, arn, query, abort),
    abort,
    close: clients.close,
  };
}
