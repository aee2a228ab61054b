/** What `-c NAME=VALUE` says, decoded once. The values of the command line are texts. */
import type { Node } from 'constructs';
import { BadInput } from '../policy/bad-input.ts';
import type { LeftOut } from './alarms.ts';

export interface AppContext {
  readonly folder?: unknown;
  readonly mode?: 'act' | 'shadow';
  readonly shards?: number;
  readonly leaveOut?: readonly LeftOut[];
  readonly assetsBucket?: string;
}

const LEFT_OUT: readonly LeftOut[] = ['compositeAlarms', 'mathAlarms'];

/** Throws `BadInput`: one sentence that names the key, its value and the mend. */
export function contextOf(node: Pick<Node, 'tryGetContext'>): AppContext {
  const given = (key: string): unknown => node.tryGetContext(key);
  const [folder, mode, shards, leaveOut, assetsBucket] = ['policies', 'mode', 'shards', 'leaveOut', 'assetsBucket'].map(
    given,
  );
  return {
    ...(folder === undefined ? {} : { folder }),
    ...(mode === undefined ? {} : { mode: modeOf(mode) }),
    ...(shards === undefined ? {} : { shards: Number(shards) }),
    ...(leaveOut === undefined ? {} : { leaveOut: leftOutOf(leaveOut) }),
    ...(assetsBucket === undefined ? {} : { assetsBucket: textOf('assetsBucket', assetsBucket) }),
  };
}

function modeOf(given: unknown): 'act' | 'shadow' {
  if (given === 'act' || given === 'shadow') return given;
  throw refused('mode', given, 'write -c mode=shadow or -c mode=act');
}

function leftOutOf(given: unknown): readonly LeftOut[] {
  const names = String(given).split(',');
  const known = names.flatMap((name) => LEFT_OUT.find((one) => one === name) ?? []);
  if (known.length === names.length) return known;
  throw refused('leaveOut', given, `write some of ${LEFT_OUT.join(',')}`);
}

function textOf(key: string, given: unknown): string {
  if (typeof given === 'string' && given !== '') return given;
  throw refused(key, given, `write -c ${key}=NAME`);
}

function refused(key: string, given: unknown, mend: string): BadInput {
  return new BadInput(`Context ${key} is ${JSON.stringify(given)}: ${mend}.`);
}
