/**
 * The numbers of a comparison, packed so that all of them fit into one page: the load once for a scene, the rest once for a run. Where there
 * is too much the lines lose points first (each keeps its smallest and largest values), then what the scalers said loses its oldest.
 */
import type { Said } from '../../sim/play/recorder.ts';
import { COLUMNS, type RowColumns } from '../../sim/play/row-columns.ts';
import { deflated, type PackedColumn, type PackedDecision, pack, unitOf } from '../payload.ts';
import { type Columns, thin, type Values } from '../series.ts';
import { type Threshold, thresholdsOf } from '../thresholds.ts';
import type { Comparison, Entry, Scene } from './comparison.ts';

/** One block of the page, under its id. */
export type Block = readonly [id: string, packed: string];

/** Of `runs`: their names in the order of the table. */
export interface ScenePayload {
  readonly at: PackedColumn;
  readonly load: PackedColumn;
  readonly capacityPerTask: number;
  readonly bounds: Scene['bounds'];
  readonly runs: readonly string[];
  readonly front: Scene['front'];
}

export interface RunPayload {
  readonly columns: Readonly<Record<Exclude<keyof Columns, 'at' | 'load'>, PackedColumn>>;
  readonly thresholds: readonly Threshold[];
  /** As on the page of one run: oldest first. */
  readonly decisions: readonly PackedDecision[];
  readonly decisionsLeftOut: number;
  readonly holds: readonly (readonly [number, string])[];
}

/** Base64 characters for everything; the rest of a megabyte is the page itself. */
const MOST_CHARACTERS = 780_000;
const MOST_ROWS = 43_200;
const MOST_DECISIONS = 10_000;
const HALVINGS = 7;

export function blocksOf(comparison: Comparison, mostCharacters: number = MOST_CHARACTERS): readonly Block[] {
  let blocks: readonly Block[] = [];
  for (let halved = 0; halved <= HALVINGS; halved++) {
    blocks = comparison.scenes.flatMap((scene, index) => sceneBlocks(scene, index, halved));
    if (blocks.reduce((sum, [, packed]) => sum + packed.length, 0) <= mostCharacters) break;
  }
  return blocks;
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
  const said = picture?.said ?? [];
  const changes = said.filter(({ outcome }) => outcome !== 'held');
  const most = MOST_DECISIONS >> halved;
  return {
    columns: {
      desired: pack(columns.desired, 1),
      running: pack(columns.running, 1),
      inService: pack(columns.inService, 1),
      cpu: pack(columns.cpu, halved === 0 ? 0.1 : 0.5),
      above: pack(columns.above, unitOf(columns.above), Math.ceil),
    },
    thresholds: policy === undefined ? [] : thresholdsOf(policy),
    decisions: changes.slice(-most).map(decisionOf),
    decisionsLeftOut: Math.max(0, changes.length - most),
    holds:
      halved > 1
        ? []
        : said
            .filter(({ outcome }) => outcome === 'held')
            .slice(-most)
            .map(({ at, sentence }) => [at / 1000, sentence]),
  };
}

/** The browser puts a sentence together that says no more than the counts. */
function decisionOf({ at, from, to, outcome, sentence }: Said): PackedDecision {
  const isPlain = sentence === `${from} → ${to}`;
  return [at / 1000, from, to, outcome, isPlain ? '' : sentence];
}
