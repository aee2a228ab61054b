/** Reads CSV with the columns `timestamp_s` and `value`, a row at a time. */
import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { BadInput } from '../policy/bad-input.ts';
import { SampleReader, type Samples } from './samples.ts';

const FIELDS = { timestamp: 'timestamp_s', value: 'value' } as const;
const HEADER = 'timestamp_s,value';

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * `shownAs`: how sentences name the file. With `keepSeconds` at least that much of its end is given back, and older samples are forgotten as
 * they come. Throws `BadInput`.
 */
export async function readCsvSamples(path: string, shownAs: string, keepSeconds?: number): Promise<Samples> {
  const reader = new SampleReader(shownAs, FIELDS, keepSeconds);
  const rows = createReadStream(path).pipe(
    parse({ bom: true, info: true, trim: true, relax_column_count: true, skip_empty_lines: true }),
  );
  let columns: { readonly timestamp: number; readonly value: number } | undefined;
  try {
    for await (const { record, info } of rows as AsyncIterable<Row>) {
      if (columns === undefined) columns = columnsOf(record, `${shownAs} line ${info.lines}`);
      else reader.add(`line ${info.lines}`, record[columns.timestamp] ?? '', record[columns.value] ?? '');
    }
  } catch (error) {
    throw error instanceof CsvError ? noCsv(error, shownAs) : error;
  }
  if (columns === undefined) {
    throw new BadInput(
      `${shownAs} line 1: the file is empty; its first line must be ${HEADER} and a row for each sample follows`,
    );
  }
  return reader.finish();
}

function columnsOf(header: readonly string[], place: string): { timestamp: number; value: number } {
  const timestamp = header.indexOf(FIELDS.timestamp);
  const value = header.indexOf(FIELDS.value);
  if (timestamp >= 0 && value >= 0) return { timestamp, value };
  const found = header.join(',');
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found;
  const missing = timestamp < 0 ? FIELDS.timestamp : FIELDS.value;
  throw new BadInput(`${place}: the header "${shown}" has no column ${missing}; make the first line ${HEADER}`);
}

function noCsv(cause: CsvError, shownAs: string): BadInput {
  const line = String(cause.lines ?? '?');
  return new BadInput(`${shownAs} line ${line}: this is no CSV (${cause.message}); mend the quotes`, { cause });
}
