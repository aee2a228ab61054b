/** `schmitt decide --stream`: decisions as a filter, for any language and for tests. The format is docs/decide-stream.md. */
import { once } from 'node:events';
import { BadInput } from '../../policy/bad-input.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { givenOnce } from '../arguments.ts';
import { EXIT } from '../complain.ts';
import { readPolicy } from '../policy-file.ts';
import type { AddCommand, Terminal } from './command.ts';
import { linesOf } from './lines.ts';
import { type AnswerOptions, answerTo } from './stream-answer.ts';

interface Options extends AnswerOptions {
  readonly policy: string;
  readonly service?: string;
  readonly stream: boolean;
}

export const addDecide: AddCommand = (program, terminal, done) => {
  program
    .command('decide')
    .description('decide line by line: one JSON object a line on standard input, one a line on standard output')
    .requiredOption('--policy <file>', 'the policy', givenOnce)
    .option('--service <name>', 'cluster/service of the policy, or tagged key=value, where it has several')
    .option('--stream', 'read lines until the input ends', false)
    .option('--long', 'add the long explanation to each answer: `nearest` and `table`', false)
    .action(async (options: Options) => {
      if (!options.stream)
        throw new BadInput('schmitt decide reads a stream; add --stream and send one JSON object a line.');
      const { policy } = await readPolicy(options.policy, options.service);
      await answerAll(policy, terminal, options);
      done(EXIT.done);
    });
};

/** Answers what came at once in one write; no answer waits for a line that has not come. */
async function answerAll(policy: ServicePolicy, terminal: Terminal, options: AnswerOptions): Promise<void> {
  let number = 0;
  for await (const lines of linesOf(terminal.in)) {
    const answers = lines.map((line) => `${answerTo(policy, line, ++number, options)}\n`);
    if (!terminal.out.write(answers.join(''))) await once(terminal.out, 'drain');
  }
}
