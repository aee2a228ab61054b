/** Whoever types a prop reads what happens without it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const FOLDER = resolve(import.meta.dirname, '../../lib/cdk');

interface Prop {
  readonly name: string;
  readonly isOptional: boolean;
  readonly comment: string;
}

/** The props of every interface that an app may write: those that `index.ts` exports, and what they are made of. */
const files = readdirSync(FOLDER).filter((file) =>
  /(-props|^signal|^backstop|^prometheus|^monitoring-account|^stack)\.ts$/.test(file),
);

function propsIn(text: string): readonly Prop[] {
  const interfaces = [...text.matchAll(/\binterface (\w+(?:Props|Options))\b[^{]*\{\n([\s\S]*?)\n\}/g)];
  return interfaces.flatMap(([, owner = '', body = '']) =>
    [...body.matchAll(/((?: {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?) {2}readonly (\w+)(\??):/g)].map(
      ([, comment = '', name = '', mark]) => ({ name: `${owner}.${name}`, isOptional: mark === '?', comment }),
    ),
  );
}

const props = files.flatMap((file) => propsIn(readFileSync(join(FOLDER, file), 'utf8')));

describe('typed props', () => {
  test('are all found', () => {
    const names = props.map(({ name }) => name);
    const some = ['SchmittProps.policies', 'ScaleProps.capacity', 'WrittenPaceProps.upTo', 'BackstopProps.cpuPercent'];
    expect(names).toEqual(expect.arrayContaining([...some, 'MetricSignalOptions.statistic', 'PrometheusProps.url']));
    expect(names.length).toBeGreaterThan(60);
  });

  test('say what happens when they are left out', () => {
    const silent = props.filter(({ isOptional, comment }) => isOptional && !comment.includes('@default'));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test('that must be given promise no default', () => {
    const loud = props.filter(({ isOptional, comment }) => !isOptional && comment.includes('@default'));
    expect(loud.map(({ name }) => name)).toEqual([]);
  });
});

test('every class, method and value that an app uses says what it is', () => {
  const silent = ['schmitt.ts', 'signal.ts', 'policies.ts', 'stack.ts', 'monitoring-account.ts'].flatMap((file) => {
    const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      const [, member] = /^ {2}(?:static )?(\w+)\(.*\{$/.exec(line) ?? [];
      const isDescribed = lines[index - 1]?.trim().endsWith('*/') ?? false;
      return member === undefined || member === 'constructor' || isDescribed ? [] : [`${file}: ${member}`];
    });
  });
  expect(silent).toEqual([]);
});
