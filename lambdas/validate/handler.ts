/**
 * Asked by AppConfig before a configuration is deployed: may these policies be? It reads them as the tick will, and then as if an operator
 * had written them, with every check and the linter. What cannot be deployed is refused with its first sentence, which AppConfig shows.
 *
 * RUNBOOK
 *
 * How an invocation ends
 *   success  The configuration may be deployed. The linter's warnings are in the log, level WARN: legal, and probably not meant.
 *   error    BadInput: it may not. The sentence names the service, the field, its value and the mend. Mend the policy file, compile it
 *            again (`npm run build`) and deploy that. Any other error is a fault of ours; the configuration in force stays.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { verdictOn } from './verdict.ts';

export type ValidateHandler = (event: unknown, context: Context) => Promise<void>;

export function createHandler(logger = new Logger({ serviceName: 'schmitt' })): ValidateHandler {
  const validate: ValidateHandler = async (event) => {
    const { version, services, warnings } = verdictOn(event);
    for (const { service, rule, sentence } of warnings) logger.warn(`${service}: ${sentence}.`, { rule });
    logger.info(`Policies ${version} of ${services} services may be deployed.`, { policyVersion: version });
  };
  return middy(validate, { timeoutEarlyInMillis: 0 }).use(injectLambdaContext(logger));
}

export const handler: ValidateHandler = createHandler();
