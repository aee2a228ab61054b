/** The one call that changes something. It has no token and no condition at AWS: what protects it is the intent stored before it. */
import { type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { type SetOutcome, UPDATE_TIME_LIMIT_MS } from '../loop/ports.ts';
import type { ServiceName } from '../policy/policy.ts';
import { limited, messageOf, nameOf, statusOf } from './call.ts';

/** Sends cluster, service and desiredCount only: anything else could start a deployment. `ecs` makes one attempt. */
export async function setDesiredCount(
  ecs: ECSClient,
  { cluster, service }: ServiceName,
  desiredCount: number,
  abort: AbortSignal,
): Promise<SetOutcome> {
  if (abort.aborted) return retryable('AbortError', 'The tick was ending; nothing was sent.', false);
  const command = new UpdateServiceCommand({ cluster, service, desiredCount });
  try {
    const answer = await limited(UPDATE_TIME_LIMIT_MS, abort, (abortSignal) => ecs.send(command, { abortSignal }));
    const now = answer.service?.desiredCount;
    if (now === desiredCount) return { kind: 'accepted' };
    return retryable('UnexpectedAnswer', `ECS answered with the desired count ${now}, not ${desiredCount}.`, true);
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Refusals that end by themselves: the rate, and credentials or clocks that the next tick has anew. */
const PASSING = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

function outcomeOf(error: unknown): SetOutcome {
  const [name, message, status] = [nameOf(error), messageOf(error), statusOf(error)];
  // Without credentials nothing was signed, so nothing was sent.
  if (name === 'CredentialsProviderError') return retryable(name, message, false);
  // No answer, a torn one, or a fault inside ECS: the change may have been taken or not.
  if (status === undefined || status < 400 || status >= 500) return retryable(name, message, true);
  if (status === 429 || PASSING.has(name)) return retryable(name, message, false);
  return { kind: 'refused', error: name, message };
}

function retryable(error: string, message: string, unknown: boolean): SetOutcome {
  return { kind: 'retryable', error, message, unknown };
}
