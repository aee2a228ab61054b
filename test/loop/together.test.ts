import { expect, test } from '@jest/globals';
import { together } from '../../lib/loop/together.ts';

test('all have ended when one has failed', async () => {
  const ended: string[] = [];
  const call = async (name: string, turns: number, fault?: Error): Promise<string> => {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    ended.push(name);
    if (fault !== undefined) throw fault;
    return name;
  };
  const failing = together(
    call('slow', 9),
    call('second', 5, new Error('second')),
    call('third', 1, new Error('third')),
  );
  await expect(failing).rejects.toThrow('second');
  expect(ended).toEqual(['third', 'second', 'slow']);
  expect(await together(call('a', 2), 7)).toEqual(['a', 7]);
});
