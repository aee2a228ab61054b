/** What was decided in a run, packed: of very much the newest. */
import type { Said } from '../sim/play/recorder.ts';

/** `[at in epoch seconds, from, to, outcome, sentence]`. */
export type PackedDecision = readonly [number, number, number, Said['outcome'], string];

export interface PackedSaid {
  /** Those that changed the count or tried to, oldest first. */
  readonly decisions: readonly PackedDecision[];
  /** How many older ones had no room. */
  readonly decisionsLeftOut: number;
  /** `[at, sentence]` of ticks that held; empty where they would not fit. */
  readonly holds: readonly (readonly [number, string])[];
}

const MOST_SAID = 10_000;

/** @param halved how often the room was too small for what there is */
export function packSaid(said: readonly Said[], halved: number): PackedSaid {
  const most = MOST_SAID >> halved;
  const changes = said.filter(({ outcome }) => outcome !== 'held');
  const holds = halved > 1 ? [] : said.filter(({ outcome }) => outcome === 'held').slice(-most);
  return {
    decisions: changes.slice(-most).map(packDecision),
    decisionsLeftOut: Math.max(0, changes.length - most),
    holds: holds.map(({ at, sentence }) => [at / 1000, sentence]),
  };
}

export function packDecision({ at, from, to, outcome, sentence }: Said): PackedDecision {
  return [at / 1000, from, to, outcome, sentence];
}
