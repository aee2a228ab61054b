/** AppConfig, asked for what is new: one session a process, and never more often than AppConfig allows. */
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import type { Clock } from '../loop/ports.ts';
import type { EpochMs } from '../policy/policy.ts';
import { clauseOf, limited, statusOf } from './call.ts';
import { CALL_LIMITS, type CallLimits, type ClientOptions, configOf } from './clients.ts';

/** By their names or ids in AppConfig. */
export interface ConfigurationSource {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

export type Polled =
  | { readonly kind: 'changed'; readonly text: string }
  | { readonly kind: 'unchanged' }
  /** It was asked a moment ago. */
  | { readonly kind: 'notAsked' }
  | { readonly kind: 'failed'; readonly cause: string };

export interface ConfigurationSession {
  poll(abort: AbortSignal): Promise<Polled>;
}

/** The shortest that AppConfig lets a session choose. */
const POLL_SECONDS = 15;
/** A tick has policies already in nearly every case, and must not wait long for news of them. */
const LIMITS: CallLimits = { ...CALL_LIMITS, attempts: 2, callMs: 3_000 };
const BAD_REQUEST = 400;

export function configurationSession(
  options: ClientOptions & { readonly source: ConfigurationSource; readonly clock: Clock },
): ConfigurationSession {
  const { source, clock } = options;
  const limits = { ...LIMITS, ...options.limits };
  const client = new AppConfigDataClient(configOf(options, limits, options.endpoints?.appconfig));
  let next: string | undefined;
  let notBefore: EpochMs = Number.NEGATIVE_INFINITY;

  async function ask(token: string, abort: AbortSignal): Promise<Polled> {
    const command = new GetLatestConfigurationCommand({ ConfigurationToken: token });
    const answer = await limited(limits.callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
    const following = answer.NextPollConfigurationToken;
    const waitMs = (answer.NextPollIntervalInSeconds ?? POLL_SECONDS) * 1000;
    next = following;
    notBefore = clock.now() + waitMs;
    const text = new TextDecoder().decode(answer.Configuration ?? new Uint8Array());
    return text === '' ? { kind: 'unchanged' } : { kind: 'changed', text };
  }

  async function beginAndAsk(abort: AbortSignal): Promise<Polled> {
    const command = new StartConfigurationSessionCommand({
      ApplicationIdentifier: source.application,
      EnvironmentIdentifier: source.environment,
      ConfigurationProfileIdentifier: source.profile,
      RequiredMinimumPollIntervalInSeconds: POLL_SECONDS,
    });
    const answer = await limited(limits.callMs, abort, (abortSignal) => client.send(command, { abortSignal }));
    if (answer.InitialConfigurationToken === undefined) throw new Error('AppConfig began a session without a token');
    return ask(answer.InitialConfigurationToken, abort);
  }

  async function askAgain(token: string, abort: AbortSignal): Promise<Polled> {
    try {
      return await ask(token, abort);
    } catch (error) {
      // A token lasts a day, and a function may sleep longer.
      if (abort.aborted || statusOf(error) !== BAD_REQUEST) throw error;
      return beginAndAsk(abort);
    }
  }

  return {
    async poll(abort) {
      if (clock.now() < notBefore) return { kind: 'notAsked' };
      const known = next;
      next = undefined;
      notBefore = clock.now() + POLL_SECONDS * 1000;
      try {
        return await (known === undefined ? beginAndAsk(abort) : askAgain(known, abort));
      } catch (error) {
        if (abort.aborted) throw error;
        return { kind: 'failed', cause: clauseOf(error) };
      }
    },
  };
}
