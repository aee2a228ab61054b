/** What a page that compares scalers is made of: numbers already worked out, and the words beside them. */
import type { PictureTaken } from '../../sim/play/recorder.ts';
import type { PolicyShown } from '../run.ts';

/** A cell of the table: the value as a person reads it, and how sure it is. */
export interface Cell {
  readonly value: string;
  /** Half of its interval, as a person reads it; empty where there is one run only. */
  readonly spread?: string;
}

/** A line of the table. */
export interface Entry {
  readonly name: string;
  readonly isPolicy: boolean;
  /** As many as the scene has columns. */
  readonly cells: readonly Cell[];
  /** Its run, where one was taken. */
  readonly picture?: PictureTaken;
  /** What the picture draws of it; only policies of ours. */
  readonly policy?: PolicyShown;
}

export interface Column {
  readonly title: string;
  readonly unit: string;
}

/** A scaler on the front: one point for each setting that was played. */
export interface FrontLine {
  readonly name: string;
  readonly isPolicy: boolean;
  /** False: its points are drawn without a line through them. */
  readonly joined: boolean;
  readonly points: readonly FrontPoint[];
}

export interface FrontPoint {
  /** Times the oracle's. */
  readonly cost: number;
  /** Percent of the requests. */
  readonly overload: number;
  /** `60 %`; empty where there is nothing to set. */
  readonly setting: string;
}

/** How soon a scaler answered the steps of the load; null where it did not before the next. */
export interface Answered {
  readonly name: string;
  readonly isPolicy: boolean;
  readonly seconds: readonly (number | null)[];
}

/** All scalers on one load. */
export interface Scene {
  readonly trace: string;
  /** What came out, in a few sentences. */
  readonly lead: string;
  readonly columns: readonly Column[];
  readonly entries: readonly Entry[];
  readonly front: readonly FrontLine[];
  /** Drawn where it is given. */
  readonly answers?: readonly Answered[];
  /** Requests per second one task can take. */
  readonly capacityPerTask: number;
  readonly bounds: { readonly min: number; readonly max: number };
}

export interface Comparison {
  /** Above the title, what this page is. */
  readonly kicker: string;
  /** What is compared. Default `scaler`. */
  readonly noun?: 'scaler' | 'variant';
  /** `cluster/service`. */
  readonly service: string;
  readonly scenes: readonly Scene[];
  /** The files as the operator wrote them. */
  readonly policies: readonly { readonly file: string; readonly text: string }[];
  readonly assumptions: readonly (readonly [term: string, words: string])[];
}
