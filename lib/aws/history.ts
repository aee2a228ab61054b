/** Reads the ledger of one service back, newest first: what `schmitt explain` and `schmitt history` answer from. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { LedgerEntry } from '../loop/ports.ts';
import type { EpochMs } from '../policy/policy.ts';
import { asked, type Item, keyOf, type Table } from './table.ts';

export interface HistoryQuery {
  /** Inclusive; absent: from the beginning. */
  readonly from?: EpochMs;
  /** Inclusive; absent: until now. */
  readonly to?: EpochMs;
  readonly limit: number;
}

const MAX_PAGES = 20;

export async function readHistory(
  table: Table,
  arn: string,
  query: HistoryQuery,
  abort: AbortSignal,
): Promise<readonly LedgerEntry[]> {
  const key = keyOf('ledger', arn);
  const found: LedgerEntry[] = [];
  let start: Item | undefined;
  for (let page = 0; page < MAX_PAGES && found.length < query.limit; page++) {
    const command = new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': key.pk as { S: string },
        ':from': { S: timeOf(query.from ?? 0) },
        // Entries of one millisecond carry `#2`, `#3`: the bound lies behind them.
        ':to': { S: `${timeOf(query.to ?? LAST)}$` },
      },
      ScanIndexForward: false,
      Limit: query.limit - found.length,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await asked(table, 'Query', key, abort, (abortSignal) =>
      table.client.send(command, { abortSignal }),
    );
    for (const item of answer.Items ?? []) found.push(JSON.parse(item.entry?.S ?? '{}'));
    start = answer.LastEvaluatedKey;
    if (start === undefined) break;
  }
  return found;
}

/** 9999-12-31, the last time whose text sorts as it should. */
const LAST = Date.UTC(9999, 11, 31);

function timeOf(at: EpochMs): string {
  return new Date(at).toISOString();
}
