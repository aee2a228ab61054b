/** What EventBridge Scheduler sends, and what it and Lambda's context say about the tick to run. */
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Account, TickRequest } from '../../lib/loop/ports.ts';
import { BadInput } from '../../lib/policy/bad-input.ts';

const schema = z.object({
  shard: z.string().check(z.minLength(1)),
  scheduledAt: z.optional(z.iso.datetime({ offset: true })),
});

/**
 * The request that an event asks for, but for its abort signal. `scheduledAt` may be left out when a person sends the event.
 * Throws `BadInput`: one sentence that shows the event and a right one.
 */
export function requestFrom(event: unknown, context: Context, abortLeadMs: number): Omit<TickRequest, 'abort'> {
  const decoded = z.safeParse(schema, event);
  if (!decoded.success) {
    const field = decoded.error.issues[0]?.path.join('.') || 'event';
    throw new BadInput(
      `Event ${JSON.stringify(event)}, field ${field}: send { "shard": "0", "scheduledAt": "2026-11-20T08:00:00Z" }.`,
    );
  }
  const { shard, scheduledAt } = decoded.data;
  return {
    shard,
    account: accountOf(context),
    owner: ownerOf(context),
    ...(scheduledAt === undefined ? {} : { scheduledAt: Date.parse(scheduledAt) }),
    remainingMs: () => Math.max(0, context.getRemainingTimeInMillis() - abortLeadMs),
  };
}

/** The function scales services of its own account and Region: both stand in its ARN. */
function accountOf(context: Context): Account {
  const [, partition, , region, accountId] = context.invokedFunctionArn.split(':');
  if (!partition || !region || !accountId) {
    throw new BadInput(
      `Function ARN "${context.invokedFunctionArn}": expected arn:aws:lambda:REGION:ACCOUNT:function:NAME.`,
    );
  }
  return { partition, region, accountId };
}

/**
 * Lambda delivers an asynchronous event more than once with the same request id, at times while the first is still running.
 * Two of them must not take each other's lease for their own, so the id alone is no owner.
 */
function ownerOf(context: Context): string {
  return `${context.awsRequestId}/${crypto.randomUUID().slice(0, 8)}`;
}
