/** `schmitt validate FILES…`: is a policy right, is it wise, and what do its numbers mean? Nothing is asked of AWS. */
import { checkPolicies, type Problem } from '../../policy/document/parse.ts';
import type { PolicyFile } from '../../policy/document/problem.ts';
import { EXIT } from '../complain.ts';
import type { AddCommand, Terminal } from './command.ts';
import { readFacts } from './facts-file.ts';
import { readPolicyFiles } from './policy-files.ts';
import { type Report, reportOf } from './validate-report.ts';

interface Options {
  readonly strict: boolean;
  readonly json: boolean;
  readonly facts?: string;
}

export const addValidate: AddCommand = (program, terminal, done) => {
  program
    .command('validate')
    .argument('<files...>', 'policy files, or folders of them; together they form one set')
    .description('check policies: errors exit 2, warnings exit 0; says what the numbers mean')
    .option('--strict', 'exit 1 where there are warnings', false)
    .option('--json', 'one JSON object on standard output and nothing else', false)
    .option('--facts <file>', 'what runs, as JSON: { "prod/checkout": { "running": 60 } }')
    .action((paths: string[], options: Options) => done(validate(readPolicyFiles(paths), options, terminal)));
};

function validate(files: readonly PolicyFile[], options: Options, terminal: Terminal): number {
  const facts = options.facts === undefined ? {} : readFacts(options.facts);
  const now = Date.now();
  const checked = checkPolicies(files, { now });
  if (checked.kind === 'bad') return refuse(checked.problems, options, terminal);
  const report = reportOf(files, checked, { services: facts, now });
  const write = options.json ? writeJson : writeWords;
  write(report, terminal);
  return options.strict && report.warnings.length > 0 ? EXIT.fault : EXIT.done;
}

function refuse(problems: readonly Problem[], { json }: Options, terminal: Terminal): number {
  if (json) terminal.out.write(`${JSON.stringify({ valid: false, errors: problems, warnings: [], services: [] })}\n`);
  else terminal.err.write(problems.map(({ message }) => `${message}\n`).join(''));
  return EXIT.badInput;
}

function writeJson({ warnings, services }: Report, terminal: Terminal): void {
  terminal.out.write(`${JSON.stringify({ valid: true, errors: [], warnings, services })}\n`);
}

function writeWords({ files, warnings, services }: Report, terminal: Terminal): void {
  terminal.err.write(warnings.map(({ message }) => `${message}\n`).join(''));
  const lines = services.flatMap(({ service, mode, capacity, means, meaning: { firstOutBy } }) => [
    `${service} (${mode}, ${capacity.min} to ${capacity.max}): ${means}`,
    ...(firstOutBy.length < 2 ? [] : [`  first out by ${firstOutBy.map(({ words }) => words).join(', ')}`]),
  ]);
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const found = warnings.length === 0 ? 'no warnings' : count(warnings.length, 'warning');
  lines.push(`${count(files, 'file')}, ${count(services.length, 'service')}: valid, ${found}.`);
  if (services.length > 0)
    lines.push(
      'Times are of an ideal service under a load that begins with a period; schedules and freezes come on top.',
    );
  terminal.out.write(`${lines.join('\n')}\n`);
}
