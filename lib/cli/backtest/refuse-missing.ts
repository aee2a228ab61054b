/** What a history must have before anything is made of it: half an answer would look like a quieter service. */
import type { SignalQuery } from '../../loop/ports.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { Reading } from '../../policy/observation.ts';
import { nameText } from '../../policy/service-name.ts';
import type { History } from '../../sim/backtest/history.ts';
import { MODEL_SIGNALS } from '../../sim/backtest/model-signals.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { BadService } from './bad-service.ts';
import { refusedAction } from './permissions.ts';
import { COUNT_SIGNALS, FINE_SIGNAL, listed } from './questions.ts';

/** What AWS answers for every service, be it with silence. */
const OF_EVERY_SERVICE: Readonly<Record<string, string>> = {
  [MODEL_SIGNALS.cpu]: 'the CPU',
  [MODEL_SIGNALS.memory]: 'the memory',
  [COUNT_SIGNALS.samples]: 'the samples of the CPU',
  [COUNT_SIGNALS.desired]: 'the desired count of Container Insights',
  [COUNT_SIGNALS.running]: 'the running count of Container Insights',
  [FINE_SIGNAL]: 'the newest samples of the CPU',
};

/** Throws an error where an answer is late, refused or partial; silence is an answer, and so is that a service has no load balancer. */
export function refuseUntold(queries: readonly SignalQuery[], answers: readonly (Reading | undefined)[]): void {
  const [first] = queries;
  if (first === undefined) return;
  const refused = answers.find((answer) => refusedAction(answer?.cause ?? '') !== undefined);
  if (refused !== undefined) throw new Error(refused.cause);
  for (const [index, { name }] of queries.entries()) {
    const answer = answers[index];
    const known = OF_EVERY_SERVICE[name];
    if (answer?.status === 'complete' || (known === undefined && (answer?.values.length ?? 0) === 0)) continue;
    const what = known ?? `signal ${name}`;
    const cause = answer?.cause ?? 'it gave no answer';
    throw new Error(`CloudWatch did not tell all of ${what} of ${nameText(first)}: ${cause}; run it again.`);
  }
}

/** Throws `BadInput` with what there is. Silence of a load balancer is an answer. */
export function refuseMissing({ file, policy }: PolicyPlayed, { signals, tasks }: History): void {
  if (tasks.length === 0 || signals[MODEL_SIGNALS.cpu]?.values.length === 0) {
    throw new BadService(
      policy,
      'CloudWatch has no CPU of it for this time; name a service that ran then, or more days.',
    );
  }
  const has = (one: string) => (signals[one]?.values.length ?? 0) > 0;
  for (const [signal, { source }] of Object.entries(policy.signals)) {
    if (has(signal)) continue;
    const { status = 'failed', cause } = signals[signal] ?? {};
    if (status === 'complete' && source.kind !== 'ecs' && source.kind !== 'cloudwatch') continue;
    const mend =
      status === 'complete' ? 'backtest a policy without it' : 'run it again, or backtest a policy without it';
    const others = listed(Object.keys(policy.signals).filter(has));
    throw new BadInput(
      `${file}, signal ${signal}: ${cause ?? 'CloudWatch has no datapoint of it'}; ${mend}. ${others}`,
    );
  }
}
