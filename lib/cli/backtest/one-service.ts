/** One service from its name to its backtest: what scales it, its history, and both replayed. Reads only. */
import { join } from 'node:path';
import { clauseOf } from '../../aws/call.ts';
import { awsClients } from '../../aws/clients.ts';
import { readScaling, type Span } from '../../aws/scaling.ts';
import { awsServices } from '../../aws/services.ts';
import { awsSignals } from '../../aws/signals/signals.ts';
import { readTaskFacts } from '../../aws/task-facts.ts';
import type { DescribedService } from '../../loop/ports.ts';
import type { ServiceScaling } from '../../policy/application-auto-scaling.ts';
import type { EpochMs, ServiceName } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Backtested } from '../../report/backtest/backtested.ts';
import { backtest } from '../../sim/backtest/backtest.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { manifest } from '../simulate/assumptions.ts';
import { givenPrice, taskPriceOf } from '../task-price.ts';
import { BadService } from './bad-service.ts';
import { readHistory } from './read-history.ts';

export interface Question extends Span {
  readonly played: PolicyPlayed;
  readonly now: EpochMs;
  /** Dollars of a task-hour, where the operator gave them. */
  readonly price?: number;
  /** Where answers of CloudWatch are kept. */
  readonly folder: string;
  readonly fresh: boolean;
}

/** All calls of one service together. */
const TIME_LIMIT_MS = 600_000;
/** A page of two weeks takes longer than a tick would wait, and whoever asks for weeks meets CloudWatch's limits sooner. */
const PATIENCE = { attempts: 6, connectMs: 5_000, attemptMs: 20_000, callMs: 60_000 };

/** @param doing is told of each step as it begins. Throws `BadInput`, and what AWS refused. */
export async function backtestOf(question: Question, doing: (what: string) => void): Promise<Backtested> {
  const { played, from, to, now, price: given, folder, fresh } = question;
  const { policy, file: policyFile, text: policyText } = played;
  const name = { cluster: policy.cluster, service: policy.service };
  const abort = AbortSignal.timeout(TIME_LIMIT_MS);
  const clients = awsClients({ limits: PATIENCE });
  try {
    doing(`Asking what scales ${nameText(name)}`);
    const { arn, targetGroups = [] } = await described(awsServices(clients), name, abort);
    const scaling = await scalingOf(name, abort, { from, to });
    doing(`Reading the history of ${nameText(name)} from CloudWatch`);
    const asked = { played, arn, targetGroups, from, to, now };
    const { history } = await readHistory(awsSignals(clients), asked, join(folder, 'backtest'), fresh, abort);
    const price = given === undefined ? taskPriceOf(await readTaskFacts(clients, name, abort)) : givenPrice(given);
    doing('Replaying what scaled it, and then the policy');
    const outcome = backtest(history, policy, scaling);
    return { history, outcome, price, policy, policyFile, policyText, version: manifest().version };
  } finally {
    clients.close();
  }
}

async function scalingOf(name: ServiceName, abort: AbortSignal, span: Span): Promise<ServiceScaling> {
  return readScaling(name, { limits: PATIENCE }, abort, span).catch((cause) => {
    const said = clauseOf(cause);
    throw new Error(`AWS did not tell what scales ${nameText(name)}: ${unended(said)}; run it again.`, { cause });
  });
}

async function described(
  services: ReturnType<typeof awsServices>,
  name: ServiceName,
  abort: AbortSignal,
): Promise<DescribedService> {
  const [found] = await services.describe([name], abort);
  if (found?.kind === 'found') return found;
  const cause = unended(found?.cause ?? 'it gave no answer');
  if (found?.kind === 'missing') throw new BadService(name, `${cause}; check the name, the Region and the account.`);
  throw new Error(
    `ECS did not describe ${nameText(name)}: ${cause}; check the credentials, the Region and the network.`,
  );
}

/** As a clause of a longer sentence. */
function unended(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
