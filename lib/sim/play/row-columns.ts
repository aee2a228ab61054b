/** The rows of a run as columns of numbers, thinned as they come: the picture of a run takes the same room whatever its length. */
import type { PlantRow } from '../types.ts';

export const COLUMNS = ['load', 'desired', 'running', 'inService', 'cpu', 'above'] as const;
export type ColumnName = (typeof COLUMNS)[number];

export interface RowColumns {
  /** Epoch seconds. */
  readonly at: Float64Array;
  /** As long as `at`; NaN where nobody knows. */
  readonly values: Readonly<Record<ColumnName, Float64Array>>;
  /** Minutes that two points stand for; 1: each minute has a point of its own. */
  readonly bucketMinutes: number;
}

const ROW_SECONDS = 60;

/**
 * Up to `mostPoints` minutes are kept as they are. Beyond that each bucket of minutes leaves its smallest and its largest value, in the
 * order they came, so that no peak is lost; what is above capacity leaves its largest twice, so that a short overload stays visible.
 */
export class ColumnWriter {
  private readonly bucketMinutes: number;
  private readonly at: number[] = [];
  private readonly columns: Readonly<Record<ColumnName, Column>>;
  private rows = 0;

  /** @param minutes how many rows will come */
  constructor(minutes: number, mostPoints: number) {
    const bucket = minutes <= mostPoints ? 1 : Math.ceil(minutes / Math.floor(mostPoints / 2));
    this.bucketMinutes = bucket;
    this.columns = {
      load: new Column(bucket),
      desired: new Column(bucket),
      running: new Column(bucket),
      inService: new Column(bucket),
      cpu: new Column(bucket),
      above: new Column(bucket, true),
    };
  }

  take(row: PlantRow): void {
    const at = row.at / 1000;
    if (this.rows++ % this.bucketMinutes === 0) {
      this.at.push(at);
      if (this.bucketMinutes > 1) this.at.push(at + (this.bucketMinutes * ROW_SECONDS) / 2);
    }
    for (const name of COLUMNS) this.columns[name].take(numberIn(row, name));
  }

  finish(): RowColumns {
    const { load, desired, running, inService, cpu, above } = this.columns;
    return {
      at: Float64Array.from(this.at),
      values: {
        load: load.finish(),
        desired: desired.finish(),
        running: running.finish(),
        inService: inService.finish(),
        cpu: cpu.finish(),
        above: above.finish(),
      },
      bucketMinutes: this.bucketMinutes,
    };
  }
}

function numberIn(row: PlantRow, name: ColumnName): number {
  if (name !== 'above') return row[name] ?? Number.NaN;
  return row.load === null ? Number.NaN : row.requestsAboveCapacity / ROW_SECONDS;
}

class Column {
  private readonly bucket: number;
  private readonly largestTwice: boolean;
  private readonly points: number[] = [];
  private taken = 0;
  private least = Number.NaN;
  private most = Number.NaN;
  private leastCameFirst = true;

  constructor(bucket: number, largestTwice = false) {
    this.bucket = bucket;
    this.largestTwice = largestTwice;
  }

  take(value: number): void {
    if (this.bucket === 1) {
      this.points.push(value);
      return;
    }
    if (!(value >= this.least) && !Number.isNaN(value)) {
      this.least = value;
      this.leastCameFirst = false;
    }
    if (!(value <= this.most) && !Number.isNaN(value)) {
      this.most = value;
      this.leastCameFirst = true;
    }
    this.taken++;
    if (this.taken % this.bucket === 0) this.close();
  }

  finish(): Float64Array {
    if (this.taken % this.bucket !== 0) this.close();
    return Float64Array.from(this.points);
  }

  private close(): void {
    const least = this.largestTwice ? this.most : this.least;
    if (this.leastCameFirst) this.points.push(least, this.most);
    else this.points.push(this.most, least);
    this.least = this.most = Number.NaN;
    this.leastCameFirst = true;
  }
}
