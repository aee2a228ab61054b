/** What Lambda's context says of the tick to run. */
import type { Context } from 'aws-lambda';
import type { Account } from '../../lib/loop/account.ts';
import type { TickRequest } from '../../lib/loop/tick-request.ts';
import { BadInput } from '../../lib/policy/bad-input.ts';

export function invokedAs(
  context: Context,
  abortLeadMs: number,
): Pick<TickRequest, 'account' | 'owner' | 'remainingMs'> {
  return {
    account: accountOf(context),
    owner: ownerOf(context),
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
