/**
 * `schmitt signals`: a service's signals as a tick would read them now, every query, and what a month of them costs. Reads only; credentials,
 * Region and endpoints are the SDK's own business.
 */
import { InvalidArgumentError } from 'commander';
import { billOf } from '../../aws/cost/bill.ts';
import { PRICES } from '../../aws/cost/prices.ts';
import { usageOf } from '../../aws/cost/usage.ts';
import { parsePrometheusEndpoints } from '../../aws/signals/promql/endpoints.ts';
import { parsePolicies } from '../../policy/document/parse.ts';
import type { PolicySet, ServicePolicy } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { EXIT } from '../complain.ts';
import { askCanaries, canariesOf } from '../signals/canary.ts';
import { inspect, policyNamed } from '../signals/inspect.ts';
import { type Inspector, inspectorFor } from '../signals/inspector.ts';
import { type Told, wordsOf } from '../signals/words.ts';
import type { AddCommand } from './command.ts';
import { readPolicyFiles } from './policy-files.ts';

interface Options {
  readonly policy: readonly string[];
  readonly canary?: true | readonly string[];
  readonly tolerance: number;
}

/** All calls of the command together. */
const TIME_LIMIT_MS = 30_000;

export const addSignals: AddCommand = (program, terminal, done) => {
  program
    .command('signals <service>')
    .description("read a service's signals as a tick would: values, ages, every query and what a month of them costs")
    .requiredOption('--policy <files...>', 'policy files, or folders of them')
    .option('--canary [signal=trusted...]', 'compare signals that should say the same (default: those of a Prometheus)')
    .option('--tolerance <percent>', 'by how much they may differ', toleranceFrom, 10)
    .action(async (service: string, { policy, canary, tolerance }: Options) => {
      const set = parsePolicies(readPolicyFiles(policy));
      const one = policyNamed(service, set.services);
      const canaries = canary === undefined ? [] : canariesOf(one, canary === true ? [] : canary);
      const prometheus = parsePrometheusEndpoints(process.env.PROMETHEUS ?? '{}', process.env);
      const inspector = inspectorFor({ prometheus, abort: AbortSignal.timeout(TIME_LIMIT_MS) });
      try {
        const told = await tell(inspector, set, one, canaries, tolerance / 100);
        terminal.out.write(`${wordsOf(told)}\n`);
        done(told.canaries.every(({ agreement }) => agreement.agrees) ? EXIT.done : EXIT.fault);
      } finally {
        inspector.close();
      }
    });
};

export async function tell(
  inspector: Inspector,
  set: PolicySet,
  policy: ServicePolicy,
  canaries: ReturnType<typeof canariesOf>,
  tolerance: number,
): Promise<Told> {
  const inspected = await inspect(inspector, policy);
  // What the canary asks beside it is no part of a tick.
  const meter = structuredClone(inspector.meter);
  return {
    service: nameText(policy),
    inspected,
    meter,
    bill: billOf(
      usageOf({ ...set, services: [{ ...policy, mode: 'act' }], tagged: [], groups: [] }, PRICES.monthHours),
      PRICES,
    ),
    enrichment: await inspector.enrichment(),
    canaries: canaries.length === 0 ? [] : await askCanaries(inspector, policy, canaries, tolerance),
  };
}

function toleranceFrom(text: string): number {
  const value = Number(text.replace(/ ?%$/, ''));
  if (text.trim() !== '' && value > 0 && value <= 100) return value;
  throw new InvalidArgumentError('Give percent above 0, at most 100.');
}
