/**
 * The numbers of a comparison, packed so that all of them fit into one page: the load once for a scene, the rest once for a run. Where there
 * is too much the lines lose points first (each keeps its smallest and largest values), then what the scalers said loses its oldest.
 */
import { COLUMNS, type RowColumns } from '../../sim/play/row-columns.ts';
import { type Block, fittingBlocks } from '../blocks.ts';
import { deflated, type PackedColumn, pack, unitOf } from '../payload.ts';
import { type PackedDecision, type PackedSaid, packSaid } from '../said.ts';
import { type Columns, thin, type Values } from '../series.ts';
import { type Threshold, thresholdsOf } from '../thresholds.ts';
import type { Comparison, Entry, Scene } from './comparison.ts';

/** Of `runs`: their names in the order of the table. */
export interface ScenePayload {
  readonly at: PackedColumn;
  readonly load: PackedColumn;
  readonly capacityPerTask: number;
  readonly bounds: Scene['bounds'];
  readonly runs: readonly string[];
  readonly front: Scene['front'];
}

/** A sentence that says no more than the counts is empty: the browser puts it together. */
export interface RunPayload extends PackedSaid {
  readonly columns: Readonly<Record<Exclude<keyof Columns, 'at' | 'load'>, PackedColumn>>;
  readonly thresholds: readonly Threshold[];
}

/** Base64 characters for everything; the rest of a megabyte is the page itself. */
const MOST_CHARACTERS = 780_000;
const MOST_ROWS = 43_200;

export function blocksOf(comparison: Comparison, mostCharacters: number = MOST_CHARACTERS): readonly Block[] {
  return fittingBlocks(mostCharacters, (halved) =>
    comparison.scenes.flatMap((scene, index) => sceneBlocks(scene, index, halved)),
  );
}

function sceneBlocks(scene: Scene, index: number, halved: number): readonly Block[] {
  const drawn = scene.entries.filter(({ picture }) => picture !== undefined);
  const runs = drawn.map((entry) => ({ entry, columns: thinned(entry, MOST_ROWS >> halved) }));
  const { at = [], load = [] } = runs[0]?.columns ?? {};
  const payload: ScenePayload = {
    at: pack(at, 1),
    load: pack(load, unitOf(load)),
    capacityPerTask: scene.capacityPerTask,
    bounds: scene.bounds,
    runs: drawn.map(({ name }) => name),
    front: scene.front,
  };
  const blocks = runs.map(
    ({ entry, columns }, run): Block => [`run-${index}-${run}`, deflated(runPayload(entry, columns, halved))],
  );
  return [[`scene-${index}`, deflated(payload)], ...blocks];
}

function thinned({ picture }: Entry, mostRows: number): Columns {
  return thin(plainColumns(picture?.columns), mostRows);
}

function plainColumns(taken: RowColumns | undefined): Columns {
  const [load, desired, running, inService, cpu, above] = COLUMNS.map((name) => plain(taken?.values[name]));
  const none: Values = [];
  return {
    at: [...(taken?.at ?? [])],
    load: load ?? none,
    desired: desired ?? none,
    running: running ?? none,
    inService: inService ?? none,
    cpu: cpu ?? none,
    above: above ?? none,
  };
}

function plain(values: Float64Array | undefined): Values {
  return Array.from(values ?? [], (value) => (Number.isNaN(value) ? null : value));
}

function runPayload({ picture, policy }: Entry, columns: Columns, halved: number): RunPayload {
  const said = packSaid(picture?.said ?? [], halved);
  return {
    columns: {
      desired: pack(columns.desired, 1),
      running: pack(columns.running, 1),
      inService: pack(columns.inService, 1),
      cpu: pack(columns.cpu, halved === 0 ? 0.1 : 0.5),
      above: pack(columns.above, unitOf(columns.above), Math.ceil),
    },
    thresholds: policy === undefined ? [] : thresholdsOf(policy),
    ...said,
    decisions: said.decisions.map(withoutPlain),
  };
}

function withoutPlain(decision: PackedDecision): PackedDecision {
  const [at, from, to, outcome, sentence] = decision;
  return sentence === `${from} → ${to}` ? [at, from, to, outcome, ''] : decision;
}
