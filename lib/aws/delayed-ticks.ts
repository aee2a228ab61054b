/** Sends a minute's other ticks through a queue that holds each back until it is due. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DelayedTick } from '../loop/cadence.ts';
import { batchesOf } from './batches.ts';
import { clauseOf, limited } from './call.ts';

/** What the queue carries: the event of the tick that it brings. */
export interface DelayedTickMessage {
  readonly shard: string;
  /** ISO 8601: when the minute's first tick was. */
  readonly scheduledAt: string;
  readonly dueAt: string;
  readonly cadenceSeconds: number;
}

export interface SentTicks {
  readonly sent: number;
  /** One clause each: those that are lost. The next minute sends its own. */
  readonly lost: readonly string[];
}

/** Of SendMessageBatch. */
const MESSAGES_PER_CALL = 10;

/** Sends all at once, so that one that is lost stops no other. Throws only the abort's reason. */
export async function sendTicks(
  { client, queueUrl, callMs }: { readonly client: SQSClient; readonly queueUrl: string; readonly callMs: number },
  shard: string,
  ticks: readonly DelayedTick[],
  abort: AbortSignal,
): Promise<SentTicks> {
  let sent = 0;
  const lost: string[] = [];
  for (const batch of batchesOf(MESSAGES_PER_CALL, ticks)) {
    const Entries = batch.map((tick, i) => ({
      Id: String(i),
      DelaySeconds: tick.delaySeconds,
      MessageBody: JSON.stringify(messageOf(shard, tick)),
    }));
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    try {
      const answer = await limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
      const failed = answer.Failed ?? [];
      sent += batch.length - failed.length;
      lost.push(...failed.map(({ Code, Message }) => [Code, Message].filter(Boolean).join(': ')));
    } catch (error) {
      if (abort.aborted) throw error;
      lost.push(...batch.map(() => clauseOf(error)));
    }
  }
  return { sent, lost };
}

function messageOf(shard: string, { dueAt, delaySeconds, cadenceSeconds }: DelayedTick): DelayedTickMessage {
  return {
    shard,
    scheduledAt: new Date(dueAt - delaySeconds * 1000).toISOString(),
    dueAt: new Date(dueAt).toISOString(),
    cadenceSeconds,
  };
}
