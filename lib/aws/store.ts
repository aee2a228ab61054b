/** The store on DynamoDB: single-item conditional writes only. */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../loop/ports.ts';
import { CALL_LIMITS } from './clients.ts';
import { awsInboxes } from './inbox.ts';
import { acquireLease, releaseLease } from './lease.ts';
import { loadRings, saveRings } from './rings.ts';
import { loadServices, saveService } from './state.ts';
import type { Table } from './table.ts';

export interface TableOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly callMs?: number;
  readonly backoffMs?: number;
  /** Unique to this process; absent: drawn. Marks this process's writes, decides nothing. */
  readonly writer?: string;
}

export function tableOf(options: TableOptions): Table {
  const writer = options.writer ?? randomUUID();
  let writes = 0;
  return {
    client: options.client,
    name: options.tableName,
    callMs: options.callMs ?? CALL_LIMITS.callMs,
    backoffMs: options.backoffMs ?? 50,
    newToken: () => {
      writes += 1;
      return `${writer}/${writes}`;
    },
  };
}

export function awsStore(table: Table): Store {
  return {
    acquire: (shard, owner, now, abort) => acquireLease(table, shard, owner, now, abort),
    release: (lease, abort) => releaseLease(table, lease, abort),
    inboxes: awsInboxes(table),
    load: (arns, abort) => loadServices(table, arns, abort),
    save: (arn, value, rev, abort) => saveService(table, arn, value, rev, abort),
    loadRings: (shard, abort) => loadRings(table, shard, abort),
    saveRings: (shard, rings, abort) => saveRings(table, shard, rings, abort),
  };
}
