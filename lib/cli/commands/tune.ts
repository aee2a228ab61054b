/** `schmitt tune`: a policy's numbers swept, and what each setting costs and overloads, with the present one marked. */
import { InvalidArgumentError, Option } from 'commander';
import { givenOnce, list } from '../arguments.ts';
import { EXIT } from '../complain.ts';
import { checkOutFile, writeOutFile } from '../out-file.ts';
import { type PolicyPlayed, readPolicy } from '../policy-file.ts';
import type { Entrant } from '../simulate/contenders.ts';
import { macroSheet, type Row, type Sheet, sheetOf } from '../simulate/figures.ts';
import { sheetsJson } from '../simulate/json.ts';
import { addRunOptions, type RunOptions } from '../simulate/options.ts';
import type { LoadResult } from '../simulate/play-all.ts';
import { playOn, type Stage, stageFor } from '../simulate/stage.ts';
import { sheetTable } from '../simulate/table.ts';
import { type Finding, type Findings, findingsOf, VARIANTS } from '../tune/findings.ts';
import { tunePage } from '../tune/page.ts';
import { NOW, type Variant, variantsOf } from '../tune/variants.ts';
import { KNOBS, type Knob } from '../tune/vary.ts';
import { changesFor, leadOf } from '../tune/words.ts';
import type { AddCommand, Terminal } from './command.ts';

interface Options extends RunOptions {
  readonly policy: string;
  readonly vary: readonly Knob[];
}

export const addTune: AddCommand = (program, terminal, done) => {
  const command = program
    .command('tune')
    .description('sweep the numbers of a policy over a load: cost against overload, with the present one marked')
    .requiredOption('--policy <file>', 'the policy to tune', givenOnce)
    .addOption(
      new Option('--vary <knobs>', `which numbers: ${KNOBS.join(', ')}`)
        .argParser(knobs)
        .default(['level', 'gap', 'step'], 'level,gap,step'),
    );
  addRunOptions(command).action(async (options: Options) => done(await tune(options, terminal)));
};

function knobs(text: string): readonly Knob[] {
  const names = list(text, undefined);
  const unknown = names.find((name) => !KNOBS.includes(name as Knob));
  if (unknown === undefined) return [...new Set(names)] as readonly Knob[];
  throw new InvalidArgumentError(
    `Give some of ${KNOBS.join(', ')}: level moves all thresholds, gap those of scaling in, step what scaling out adds, patience how long scaling in waits.`,
  );
}

async function tune(options: Options, terminal: Terminal): Promise<number> {
  if (options.html !== undefined) {
    await checkOutFile('--html', options.html, [options.policy, ...(options.trace ?? [])]);
  }
  const played = await readPolicy(options.policy, options.service);
  const stage = await stageFor([played], options);
  const variants = variantsOf(played.policy, options.vary);
  const { html: _, ...plain } = options;
  const results = await playOn(
    stage,
    variants.map((variant) => entrantOf(variant, played)),
    plain,
    terminal.err,
  );
  const each = results.map(sheetOf);
  const families = results.map(({ named }) => named.family);
  const whole = each.length > 1 ? macroSheet(each, families) : each[0];
  if (whole === undefined) throw new RangeError('there is no load');
  const findings = findingsOf(whole);
  const sheets = each.length > 1 ? [...each, whole] : each;
  if (options.html !== undefined) {
    const pictured = await picturesOf(stage, findings, variants, played, options, terminal);
    await writeOutFile('--html', options.html, tunePage({ options, played, results, pictured, variants }));
  }
  terminal.out.write(`${options.json ? sheetsJson(sheets) : words(whole, findings, variants)}\n`);
  return EXIT.done;
}

function entrantOf({ name, policy }: Variant, { set }: PolicyPlayed): Entrant {
  const contender = { kind: 'policy', name, set: { ...set, services: [policy] } } as const;
  const isNow = name === NOW;
  return { group: isNow ? NOW : VARIANTS, contender, shown: isNow, policy, isVariant: !isNow };
}

/** The table holds the present policy and the best variants; all of them are in the JSON and on the page. */
function words(sheet: Sheet, findings: Findings, variants: readonly Variant[]): string {
  const best = new Set([NOW, ...findings.best.map(({ row }) => row.name)]);
  const marked = (name: string) => (name === NOW ? `▸ ${NOW}` : name);
  const rows = sheet.rows.filter(({ name }) => best.has(name));
  const shown = rows.map((row) => ({ ...row, name: marked(row.name), shown: true }));
  const changes = suggestions(findings).flatMap((finding) => changesFor(finding, variants));
  const table = sheetTable({ ...sheet, rows: byCost(shown) }, ({ name }) => name === marked(NOW));
  return [leadOf(sheet, findings), table, ...(changes.length === 0 ? [] : [changes.join('\n')])].join('\n\n');
}

function suggestions({ cheaper, calmer }: Findings): readonly Finding[] {
  return [...new Set([cheaper, calmer])].filter((finding) => finding !== undefined);
}

function byCost(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => (a.figures.costRatio ?? 0) - (b.figures.costRatio ?? 0));
}

/** As many runs as a person looks at. */
const MOST_PICTURES = 8;

/** The present policy and the best variants once more, with pictures. */
async function picturesOf(
  stage: Stage,
  findings: Findings,
  variants: readonly Variant[],
  played: PolicyPlayed,
  options: Options,
  terminal: Terminal,
): Promise<readonly LoadResult[]> {
  const wanted = [
    NOW,
    ...suggestions(findings).map(({ row }) => row.name),
    ...findings.best.map(({ row }) => row.name),
  ];
  const names = [...new Set(wanted)].slice(0, MOST_PICTURES);
  const drawn = names.flatMap((name) => variants.filter((variant) => variant.name === name));
  const entrants = drawn.map((variant) => ({ ...entrantOf(variant, played), shown: true }));
  return playOn(stage, entrants, options, terminal.err);
}
