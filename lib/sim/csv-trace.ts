/** Reads CSV with the columns `timestamp_s` and `value`, a row at a time. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { BadInput } from '../policy/bad-input.ts';
import { SampleReader, type Samples, shownText } from './samples.ts';

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
  let columns: Columns | undefined;
  try {
    for await (const { record, info } of rowsOf(path, shownAs)) {
      if (columns === undefined) columns = columnsOf(record, `${shownAs} line ${info.lines}`);
      else {
        if (record.length > columns.count) refuseSurplus(record, columns.count, `${shownAs} line ${info.lines}`);
        reader.add(`line ${info.lines}`, record[columns.timestamp] ?? '', record[columns.value] ?? '');
      }
    }
  } catch (error) {
    throw error instanceof BadInput ? error : unreadable(error, shownAs);
  }
  if (columns === undefined) {
    throw new BadInput(
      `${shownAs} line 1: the file is empty; its first line must be ${HEADER} and a row for each sample follows`,
    );
  }
  return reader.finish();
}

/** A fault of the file ends the rows as one of the text does. */
function rowsOf(path: string, shownAs: string): AsyncIterable<Row> {
  const rows = parse({ bom: true, info: true, trim: true, relax_column_count: true, skip_empty_lines: true });
  const checked = (chunks: AsyncIterable<Buffer>) => refuseOtherFormats(chunks, shownAs);
  pipeline(createReadStream(path), checked, rows, () => undefined);
  return rows as AsyncIterable<Row>;
}

/** What other formats begin with would be told as faults of quotes. */
async function* refuseOtherFormats(chunks: AsyncIterable<Buffer>, shownAs: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && /^\uFEFF?\s*[[{]/.test(chunk.toString('utf8', 0, 64))) {
      throw new BadInput(`${shownAs}: this is JSON by its content; give it a name that ends in .json`);
    }
    if (isFirst && chunk[0] === 0x1f && chunk[1] === 0x8b) {
      throw new BadInput(`${shownAs}: this is compressed with gzip; unpack it first`);
    }
    isFirst = false;
    yield chunk;
  }
}

interface Columns {
  readonly timestamp: number;
  readonly value: number;
  readonly count: number;
}

function columnsOf(header: readonly string[], place: string): Columns {
  const timestamp = header.indexOf(FIELDS.timestamp);
  const value = header.indexOf(FIELDS.value);
  const twice = Object.values(FIELDS).find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined)
    throw new BadInput(`${place}: the header names ${twice} twice; leave one of the columns out`);
  if (timestamp >= 0 && value >= 0) return { timestamp, value, count: header.length };
  const missing = timestamp < 0 ? FIELDS.timestamp : FIELDS.value;
  const mend =
    header.length === 1 && /[;\t |]/.test(header[0] ?? '')
      ? `separate the cells with commas and make the first line ${HEADER}`
      : `make the first line ${HEADER}`;
  throw new BadInput(`${place}: the header ${shownText(header.join(','))} has no column ${missing}; ${mend}`);
}

/** A number with its thousands set off by commas would be read as its first digits. */
function refuseSurplus(record: readonly string[], count: number, place: string): void {
  if (record.slice(count).every((cell) => cell === '')) return;
  const row = shownText(record.join(','));
  throw new BadInput(
    `${place}: the row ${row} has ${record.length} cells under ${count} columns; write numbers without commas, or name every column`,
  );
}

function unreadable(cause: unknown, shownAs: string): BadInput {
  if (cause instanceof CsvError) {
    const line = String(cause.lines ?? '?');
    const why = cause.message.replace(/, value is [\s\S]*$/, '');
    return new BadInput(`${shownAs} line ${line}: this is no CSV (${why}); mend the quotes`, { cause });
  }
  const { code } = cause as NodeJS.ErrnoException;
  if (typeof code !== 'string') throw cause;
  return new BadInput(`${shownAs}: it cannot be read (${code}); give the path of a CSV file you may read`, { cause });
}
