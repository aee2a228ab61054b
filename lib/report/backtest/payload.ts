/** The numbers of a backtest's page, packed. Where there is too much for one page the lines lose points, each but its smallest and largest. */
import type { Played } from '../../sim/backtest/backtest.ts';
import { deflated, type PackedColumn, type PackedDecision, pack, unitOf } from '../payload.ts';
import { MOST_ROWS, thinTable } from '../series.ts';
import { type Threshold, thresholdsOf } from '../thresholds.ts';
import type { Backtested } from './backtested.ts';
import { COLUMNS, type ColumnName, replayColumns } from './columns.ts';

/** One replay, under the name by which it is chosen. */
export interface Player {
  readonly name: string;
  readonly played: Played;
  readonly isPolicy: boolean;
}

export interface PlayerPayload {
  readonly name: string;
  readonly at: PackedColumn;
  readonly columns: Readonly<Record<ColumnName, PackedColumn>>;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly thresholds: readonly Threshold[];
  readonly decisions: readonly PackedDecision[];
  readonly decisionsLeftOut: number;
  readonly holds: readonly (readonly [number, string])[];
}

/** Base64 characters of all; the rest of a megabyte is the page itself. */
const MOST_CHARACTERS = 750_000;
const MOST_SAID = 10_000;
const HALVINGS = 7;
const ABOVE: ReadonlySet<ColumnName> = new Set(['above', 'realAbove']);

/** Those that can be looked at, the policy first. */
export function playersOf({ outcome }: Backtested): readonly Player[] {
  const model = outcome.model === null ? [] : [{ name: 'the model', played: outcome.model, isPolicy: false }];
  if (outcome.kind === 'refused') return model;
  return [{ name: 'this policy', played: outcome.comparison.played, isPolicy: true }, ...model];
}

/** One block for each player, under its id. */
export function blocksOf(
  told: Backtested,
  mostCharacters: number = MOST_CHARACTERS,
): readonly (readonly [string, string])[] {
  let blocks: readonly (readonly [string, string])[] = [];
  for (let halved = 0; halved <= HALVINGS; halved++) {
    blocks = playersOf(told).map((player, index) => [`replay-${index}`, deflated(payloadOf(told, player, halved))]);
    if (blocks.reduce((sum, [, packed]) => sum + packed.length, 0) <= mostCharacters) break;
  }
  return blocks;
}

function payloadOf({ policy }: Backtested, { name, played, isPolicy }: Player, halved: number): PlayerPayload {
  const { at, values } = thinTable(replayColumns(played), MOST_ROWS >> halved, ABOVE);
  const packed = (column: ColumnName): PackedColumn => {
    if (/Cpu|cpu/.test(column)) return pack(values[column], halved === 0 ? 0.1 : 0.5);
    if (/esired|asks/.test(column)) return pack(values[column], 1);
    return pack(values[column], unitOf(values.needed) * 20, ABOVE.has(column) ? Math.ceil : Math.round);
  };
  const most = MOST_SAID >> halved;
  const changes = played.said.filter(({ outcome }) => outcome !== 'held');
  const holds = halved > 1 ? [] : played.said.filter(({ outcome }) => outcome === 'held').slice(-most);
  return {
    name,
    at: pack(at, 1),
    columns: Object.fromEntries(COLUMNS.map((column) => [column, packed(column)])) as PlayerPayload['columns'],
    bounds: policy.capacity,
    thresholds: isPolicy ? thresholdsOf(policy) : [],
    decisions: changes
      .slice(-most)
      .map(({ at: when, from, to, outcome, sentence }) => [when / 1000, from, to, outcome, sentence]),
    decisionsLeftOut: Math.max(0, changes.length - most),
    holds: holds.map(({ at: when, sentence }) => [when / 1000, sentence]),
  };
}
