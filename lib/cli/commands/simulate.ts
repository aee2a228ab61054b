/** `schmitt simulate`: what a policy would do to a load, what it would cost and where it would be overloaded, beside other scalers. */
import { BadInput } from '../../policy/bad-input.ts';
import { renderComparisonPage } from '../../report/comparison/page.ts';
import { list } from '../arguments.ts';
import { EXIT } from '../complain.ts';
import { checkOutFile, writeOutFile } from '../out-file.ts';
import { type PolicyPlayed, readPolicy } from '../policy-file.ts';
import { assumptionsOf } from '../simulate/assumptions.ts';
import { comparisonOf } from '../simulate/comparison-page.ts';
import { comparisonsOf } from '../simulate/comparisons.ts';
import { otherEntrants, policyEntrants } from '../simulate/contenders.ts';
import { gateOf, stopped } from '../simulate/fail-if.ts';
import { macroSheet, type Row, type Sheet, sheetOf } from '../simulate/figures.ts';
import { sheetsJson } from '../simulate/json.ts';
import { addRunOptions, type RunOptions } from '../simulate/options.ts';
import type { LoadResult } from '../simulate/play-all.ts';
import { playOn, stageFor } from '../simulate/stage.ts';
import { comparisonTable, sheetTable } from '../simulate/table.ts';
import type { AddCommand, Terminal } from './command.ts';

interface Options extends RunOptions {
  readonly policy: readonly string[];
  readonly against?: readonly string[];
  readonly sweep: boolean;
  readonly failIf?: string;
}

export const addSimulate: AddCommand = (program, terminal, done) => {
  const command = program
    .command('simulate')
    .description('play policies over a load in virtual time, beside other scalers; nothing is asked of AWS')
    .requiredOption('--policy <files...>', 'the policies to play')
    .option('--against <names>', 'other scalers, such as aws-target-tracking, keda@0.7, oracle, or all', list)
    .option('--sweep', 'play the others at six settings each, and compare at equal cost and at equal overload', false)
    .option('--fail-if <condition>', "exit 1 where it holds of a policy, as in 'overloadedPct > 0.5'");
  addRunOptions(command).action(async (options: Options) => done(await simulate(options, terminal)));
};

async function simulate(options: Options, terminal: Terminal): Promise<number> {
  const gate = options.failIf === undefined ? undefined : gateOf(options.failIf);
  refuseIdle(options);
  if (options.html !== undefined) {
    await checkOutFile('--html', options.html, [...options.policy, ...(options.trace ?? [])]);
  }
  const { results, policies } = await play(options, terminal);
  const own = new Set(policyEntrants(policies).map(({ contender }) => contender.name));
  const isPolicy = ({ name }: Row) => own.has(name);
  const each = results.map(sheetOf);
  const families = results.map(({ named }) => named.family);
  const sheets = each.length > 1 ? [...each, macroSheet(each, families)] : each;
  // Bad input leaves nothing behind, and who stops reading does not change what was found: standard output comes last.
  const sentences = gate === undefined ? [] : stopped(gate, each, (row) => row.shown && isPolicy(row));
  if (options.html !== undefined) await writePage(options.html, options, { results, policies });
  for (const sentence of sentences) terminal.err.write(`${sentence}\n`);
  terminal.out.write(`${options.json ? sheetsJson(sheets) : words(sheets, isPolicy)}\n`);
  return sentences.length > 0 ? EXIT.fault : EXIT.done;
}

function refuseIdle({ policy, sweep, against }: Options): void {
  const twice = policy.find((file, i) => policy.indexOf(file) !== i);
  if (twice !== undefined) throw new BadInput(`--policy ${twice}: it is named twice; name it once.`);
  if (sweep && against === undefined)
    throw new BadInput('--sweep: there is nobody to sweep; name other scalers with --against.');
}

async function writePage(file: string, options: Options, played: Played): Promise<void> {
  const [first] = played.results;
  const assumptions = first === undefined ? [] : assumptionsOf(options, first.scenario);
  await writeOutFile('--html', file, renderComparisonPage(comparisonOf({ ...played, assumptions })));
}

interface Played {
  readonly policies: readonly PolicyPlayed[];
  readonly results: readonly LoadResult[];
}

async function play(options: Options, terminal: Terminal): Promise<Played> {
  const [first, ...others] = await Promise.all(options.policy.map((file) => readPolicy(file, options.service)));
  if (first === undefined) throw new RangeError('commander asks for a policy');
  const policies = [first, ...others] as const;
  const stage = await stageFor(policies, options);
  const against = otherEntrants(options.against ?? [], stage.subject.kind, options.sweep);
  const results = await playOn(stage, [...policyEntrants(policies), ...against], options, terminal.err);
  return { policies, results };
}

function words(sheets: readonly Sheet[], isPolicy: (row: Row) => boolean): string {
  const parts = sheets.flatMap((sheet) => {
    const compared = comparisonTable(comparisonsOf(sheet, isPolicy));
    return [sheetTable(sheet, isPolicy), ...(compared === undefined ? [] : [compared])];
  });
  return parts.join('\n\n');
}
