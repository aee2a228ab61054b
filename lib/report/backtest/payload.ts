/** The numbers of a backtest's page, packed. Where there is too much for one page the lines lose points, each but its smallest and largest. */
import type { Played } from '../../sim/backtest/backtest.ts';
import { type Block, fittingBlocks } from '../blocks.ts';
import { deflated, type PackedColumn, pack, unitOf } from '../payload.ts';
import { type PackedSaid, packSaid } from '../said.ts';
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

export interface PlayerPayload extends PackedSaid {
  readonly name: string;
  readonly at: PackedColumn;
  readonly columns: Readonly<Record<ColumnName, PackedColumn>>;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly thresholds: readonly Threshold[];
}

/** Base64 characters of all; the rest of a megabyte is the page itself. */
const MOST_CHARACTERS = 750_000;
const ABOVE: ReadonlySet<ColumnName> = new Set(['above', 'realAbove']);

/** Those that can be looked at, the policy first. */
export function playersOf({ outcome }: Backtested): readonly Player[] {
  const model = outcome.model === null ? [] : [{ name: 'the model', played: outcome.model, isPolicy: false }];
  if (outcome.kind === 'refused') return model;
  return [{ name: 'this policy', played: outcome.comparison.played, isPolicy: true }, ...model];
}

/** One block for each player, under its id. */
export function blocksOf(told: Backtested, mostCharacters: number = MOST_CHARACTERS): readonly Block[] {
  return fittingBlocks(mostCharacters, (halved) =>
    playersOf(told).map((player, index) => [`replay-${index}`, deflated(payloadOf(told, player, halved))]),
  );
}

function payloadOf({ policy }: Backtested, { name, played, isPolicy }: Player, halved: number): PlayerPayload {
  const { at, values } = thinTable(replayColumns(played), MOST_ROWS >> halved, ABOVE);
  const packed = (column: ColumnName): PackedColumn => {
    if (/Cpu|cpu/.test(column)) return pack(values[column], halved === 0 ? 0.1 : 0.5);
    if (/esired|asks/.test(column)) return pack(values[column], 1);
    return pack(values[column], unitOf(values.needed) * 20, ABOVE.has(column) ? Math.ceil : Math.round);
  };
  return {
    name,
    at: pack(at, 1),
    columns: Object.fromEntries(COLUMNS.map((column) => [column, packed(column)])) as PlayerPayload['columns'],
    bounds: policy.capacity,
    thresholds: isPolicy ? thresholdsOf(policy) : [],
    ...packSaid(played.said, halved),
  };
}
