/** An option that holds one value, named twice: the first must not count for nothing. */
import { expect, test } from '@jest/globals';
import { schmitt } from './schmitt.ts';

test.each([['tune'], ['decide', '--stream'], ['backtest', '--service', 'prod/web']])(
  'schmitt %s refuses a second --policy',
  async (...command) => {
    const ended = await schmitt([...command, '--policy', 'examples/web.yaml', '--policy', 'examples/queue.yaml']);
    expect([ended.exitCode, ended.stdout, ended.stderr]).toEqual([
      2,
      '',
      `option '--policy <file>' argument 'examples/queue.yaml' is invalid. Give it once. See schmitt ${command[0]} --help.\n`,
    ]);
  },
);
