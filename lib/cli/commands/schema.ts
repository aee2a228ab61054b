/** `schmitt schema`: the JSON Schema of a policy document, for completion in editors. */
import { policyJsonSchema } from '../../policy/document/schema.ts';
import { EXIT } from '../complain.ts';
import type { AddCommand } from './command.ts';

export const addSchema: AddCommand = (program, terminal, done) => {
  program
    .command('schema')
    .description('print the JSON Schema of a policy document, for `# yaml-language-server: $schema=FILE`')
    .action(() => {
      terminal.out.write(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
      done(EXIT.done);
    });
};
