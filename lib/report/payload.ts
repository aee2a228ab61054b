/**
 * The numbers of a page, packed: whole numbers, each the difference to the one before, deflated, in base64.
 * `browser/unpack.js` is the other half.
 */
import { deflateRawSync } from 'node:zlib';
import type { DecisionShown, Run } from './run.ts';
import { type PackedSaid, packDecision } from './said.ts';
import { type Columns, columnsOf, thin, type Values } from './series.ts';
import { type Threshold, thresholdsOf } from './thresholds.ts';

/** A column: value = `unit` × the running sum of `deltas`; null is unknown and leaves the sum alone. */
export interface PackedColumn {
  readonly unit: number;
  readonly deltas: Values;
}

export interface Payload extends PackedSaid {
  readonly columns: Readonly<Record<keyof Columns, PackedColumn>>;
  readonly capacityPerTask: number;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly thresholds: readonly Threshold[];
}

/** Steps between zero and the largest value of a measured column: finer than a screen. */
const STEPS = 20_000;

/** Base64 characters for all numbers and sentences; the rest of a megabyte is the page itself. */
const MOST_CHARACTERS = 750_000;

export function payloadOf(run: Run): Payload {
  const columns = thin(columnsOf(run.rows));
  return {
    columns: {
      at: pack(columns.at, 1),
      load: pack(columns.load, unitOf(columns.load)),
      desired: pack(columns.desired, 1),
      running: pack(columns.running, 1),
      inService: pack(columns.inService, 1),
      cpu: pack(columns.cpu, 0.1),
      above: pack(columns.above, unitOf(columns.above), Math.ceil),
    },
    capacityPerTask: run.capacityPerTask,
    bounds: run.policy.capacity,
    thresholds: thresholdsOf(run.policy),
    decisions: run.decisions.filter(({ outcome }) => outcome !== 'held').map(packDecision),
    decisionsLeftOut: 0,
    holds: newSentences(run.decisions),
  };
}

/** As it stands in the page. Where there is too much for one page, ticks that did nothing go first, then the oldest decisions. */
export function encode(payload: Payload, mostCharacters: number = MOST_CHARACTERS): string {
  const whole = deflated(payload);
  if (whole.length <= mostCharacters) return whole;
  let smaller: Payload = { ...payload, holds: [] };
  let packed = deflated(smaller);
  while (packed.length > mostCharacters && smaller.decisions.length > 0) {
    const leftOut = Math.ceil(smaller.decisions.length / 2);
    const decisions = smaller.decisions.slice(leftOut);
    smaller = { ...smaller, decisions, decisionsLeftOut: smaller.decisionsLeftOut + leftOut };
    packed = deflated(smaller);
  }
  return packed;
}

/** Any plain data as it stands in a page. */
export function deflated(data: unknown): string {
  return deflateRawSync(JSON.stringify(data), { level: 9 }).toString('base64');
}

/** Of ticks that held, wherever the sentence differs from the one before. */
function newSentences(decisions: readonly DecisionShown[]): readonly (readonly [number, string])[] {
  const held = decisions.filter((decision) => decision.outcome === 'held');
  return held
    .filter((decision, index) => decision.sentence !== held[index - 1]?.sentence)
    .map(({ at, sentence }) => [at / 1000, sentence] as const);
}

/** A unit in which the largest value has so many steps that a screen cannot tell. */
export function unitOf(values: Values): number {
  const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return largest === 0 ? 1 : largest / STEPS;
}

export function pack(values: Values, unit: number, round: (value: number) => number = Math.round): PackedColumn {
  let before = 0;
  const deltas = values.map((value) => {
    if (value === null) return null;
    const now = round(value / unit);
    const delta = now - before;
    before = now;
    return delta;
  });
  return { unit, deltas };
}
