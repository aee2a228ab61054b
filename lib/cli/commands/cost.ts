/** `schmitt cost`: what a month of a policy costs, before it is deployed. Nothing is asked of AWS. */
import { type Bill, billOf } from '../../aws/cost/bill.ts';
import { PRICES, type Range } from '../../aws/cost/prices.ts';
import { usageOf } from '../../aws/cost/usage.ts';
import { parsePolicies } from '../../policy/document/parse.ts';
import { wholeNumber } from '../arguments.ts';
import { EXIT } from '../complain.ts';
import { dollarsText } from '../dollars.ts';
import type { AddCommand } from './command.ts';
import { readPolicyFiles } from './policy-files.ts';

interface Options {
  readonly policy: readonly string[];
  readonly services?: number;
  readonly json: boolean;
}

const MOST_SERVICES = 1_000_000;

export const addCost: AddCommand = (program, terminal, done) => {
  program
    .command('cost')
    .description('what a month of a policy costs by item, against target tracking on the same signals')
    .requiredOption('--policy <files...>', 'policy files, or folders of them; together they form one set')
    .option('--services <number>', 'as many services like those of the policy', wholeNumber(1, MOST_SERVICES))
    .option('--json', 'one JSON object on standard output and nothing else', false)
    .action(({ policy, services, json }: Options) => {
      const set = parsePolicies(readPolicyFiles(policy));
      const bill = billOf(usageOf(set, PRICES.monthHours, services), PRICES);
      terminal.out.write(json ? `${JSON.stringify(bill)}\n` : `${words(bill)}\n`);
      done(EXIT.done);
    });
};

function words({ region, date, services, items, total, targetTracking, enriched }: Bill): string {
  const rows = items.map(({ name, of, dollars }) => [name, dollarsText(dollars), of] as const);
  const sum = ['total', dollarsText(total), `${dollarsText(each(total, services))} a service`] as const;
  const of = `${targetTracking.alarms} alarms on the same signals`;
  const tracking = ['target tracking', dollarsText(targetTracking), of] as const;
  const which = `${enriched.metrics} ${enriched.metrics === 1 ? 'metric' : 'metrics'}`;
  const instead = `${which} enriched and read there instead, where the account has that switched on`;
  const through = ['by PromQL', dollarsText(enriched), instead] as const;
  const table = [...rows, sum, tracking, through];
  const [first, second] = [0, 1].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly [string, string, string]) =>
    `${row[0].padEnd(first ?? 0)}  ${row[1].padStart(second ?? 0)}  ${row[2]}`;
  return [
    `A month of ${services} ${services === 1 ? 'service' : 'services'}, US dollars, list prices of ${region} on ${date}, without free tiers`,
    '',
    ...rows.map(line),
    '',
    line(sum),
    line(tracking),
    ...(enriched.metrics === 0 ? [] : [line(through)]),
  ].join('\n');
}

const each = ({ low, high }: Range, services: number): Range => ({
  low: low / Math.max(1, services),
  high: high / Math.max(1, services),
});
