/** The samples of a trace, checked as they come in, from whatever format they are read. */
import { BadInput } from '../policy/bad-input.ts';

/** Larger is no load of one service, whatever the unit. */
const HUGE_VALUE = 1e15;
/** Seconds; later is year 5138 or a timestamp in milliseconds. */
const LATEST_TIMESTAMP = 1e11;

/** How a format names the two fields in its sentences. */
export interface FieldNames {
  readonly timestamp: string;
  readonly value: string;
}

export interface Samples {
  /** Seconds, strictly increasing. */
  readonly seconds: Float64Array;
  readonly values: Float64Array;
}

/** Kept whatever their age: by them the distance of two samples is known. */
const LEAST_KEPT = 2048;

export class SampleReader {
  private readonly file: string;
  private readonly fields: FieldNames;
  private readonly keepSeconds: number;
  private seconds = new Float64Array(4096);
  private values = new Float64Array(4096);
  private length = 0;
  private lastPlace = '';

  /** @param keepSeconds only the end of the trace is wanted: what is older than that before its last sample need not be kept */
  constructor(file: string, fields: FieldNames, keepSeconds = Number.POSITIVE_INFINITY) {
    this.file = file;
    this.fields = fields;
    this.keepSeconds = keepSeconds;
  }

  /** `place`: `line 7`, or whatever leads a person to the sample. */
  add(place: string, timestamp: string, value: string): void {
    const seconds = this.timestampOf(place, timestamp);
    const number = this.valueOf(place, value);
    if (this.length === this.seconds.length) this.makeRoom();
    this.seconds[this.length] = seconds;
    this.values[this.length] = number;
    this.length++;
    this.lastPlace = place;
  }

  /** At least two samples, or there is no interval. */
  finish(): Samples {
    if (this.length < 2) {
      const found = this.length === 0 ? 'no sample' : 'one sample only';
      throw new BadInput(`${this.file}: there is ${found} of ${this.fields.value}; give at least two rows`);
    }
    return { seconds: this.seconds.subarray(0, this.length), values: this.values.subarray(0, this.length) };
  }

  private timestampOf(place: string, text: string): number {
    const { timestamp } = this.fields;
    const seconds = numberOf(text);
    if (Number.isNaN(seconds)) {
      this.refuse(place, timestamp, shown(text), 'is not a number; write seconds, such as 1704067200');
    }
    if (seconds < 0) this.refuse(place, timestamp, text, 'is negative; let the trace begin at second 0 or later');
    if (seconds > LATEST_TIMESTAMP)
      this.refuse(place, timestamp, text, 'is too large for seconds; divide milliseconds by 1000');
    const last = this.length === 0 ? undefined : this.seconds[this.length - 1];
    if (last !== undefined && seconds <= last) {
      const mend = `does not come after ${last} on ${this.lastPlace}; sort the samples by time and keep one of each`;
      this.refuse(place, timestamp, text, mend);
    }
    return seconds;
  }

  private valueOf(place: string, text: string): number {
    const { value } = this.fields;
    const number = numberOf(text);
    if (Number.isNaN(number)) {
      this.refuse(place, value, shown(text), 'is not a number; leave the row out where nobody knows the value');
    }
    if (number < 0)
      this.refuse(place, value, text, 'is negative; a load is 0 or more, so correct it or leave the row out');
    if (number > HUGE_VALUE) this.refuse(place, value, text, 'is above 1e15; check the unit, or leave the row out');
    return number;
  }

  private refuse(place: string, field: string, value: string, mend: string): never {
    throw new BadInput(`${this.file} ${place}: ${field} ${value} ${mend}`);
  }

  /** So a trace longer than memory is read where only its end is asked for. */
  private makeRoom(): void {
    const oldest = (this.seconds[this.length - 1] ?? 0) - this.keepSeconds;
    const first = this.seconds.findIndex((second) => second >= oldest);
    const gone = Math.min(first, this.length - LEAST_KEPT);
    if (gone < this.length / 4) {
      this.grow();
      return;
    }
    this.seconds.copyWithin(0, gone);
    this.values.copyWithin(0, gone);
    this.length -= gone;
  }

  private grow(): void {
    const larger = (old: Float64Array) => {
      const grown = new Float64Array(old.length * 2);
      grown.set(old);
      return grown;
    };
    this.seconds = larger(this.seconds);
    this.values = larger(this.values);
  }
}

/** Plain decimal notation only: no hexadecimal, no blanks inside, no words. Infinity counts as too large, not as no number. */
function numberOf(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return Number(text.startsWith('-') ? '-Infinity' : 'Infinity');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function shown(text: string): string {
  return text === '' ? '(empty)' : shownText(text, 40);
}

/** What a file holds, in quotes: cut short, and without the characters that would move a terminal's cursor. */
export function shownText(text: string, longest = 60): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `"${cut.replace(/\p{Cc}|\p{Cf}/gu, '\uFFFD')}"`;
}
