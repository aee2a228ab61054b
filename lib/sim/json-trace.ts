/** Reads what CloudWatch's GetMetricData or Prometheus' query_range answered, as their command lines print it. */
import { readFile, stat } from 'node:fs/promises';
import { BadInput } from '../policy/bad-input.ts';
import { SampleReader, type Samples, shownText } from './samples.ts';

/** Parsed in one piece; a longer history belongs into CSV, which is read row by row. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** One series of the file, whoever wrote it. */
interface JsonSeries {
  /** By which `series` chooses it. */
  readonly names: readonly string[];
  readonly field: string;
  /** One after the other, in the file's own order. */
  readonly lists: readonly PointList[];
}

/** Made as they are asked for: a file may hold millions. */
interface PointList {
  readonly length: number;
  at(index: number): JsonPoint;
}

interface JsonPoint {
  readonly place: string;
  readonly timestamp: string;
  readonly value: string;
}

type Json = Readonly<Record<string, unknown>>;

/** `shownAs`: how sentences name the file. Throws `BadInput`. */
export async function readJsonSamples(path: string, shownAs: string, wanted: string | undefined): Promise<Samples> {
  const { size } = await stat(path);
  if (size > LARGEST_BYTES)
    throw new BadInput(`${shownAs}: ${size} bytes of JSON are too many; turn it into CSV timestamp_s,value`);
  const document = parsed(await readFile(path, 'utf8'), shownAs);
  const series = chosen(seriesOf(document, shownAs), wanted, shownAs);
  const reader = new SampleReader(shownAs, { timestamp: 'timestamp', value: series.field });
  for (const { place, timestamp, value } of ascending(series.lists)) reader.add(place, timestamp, value);
  return reader.finish();
}

function parsed(text: string, shownAs: string): Json {
  try {
    // PowerShell writes a byte order mark before what it redirects.
    const document: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isObject(document)) return document;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/, ".*$/s, '') : String(cause);
    throw new BadInput(`${shownAs}: this is no JSON in UTF-8 (${why}); save it again`, { cause });
  }
  throw notKnown(shownAs);
}

function seriesOf(document: Json, shownAs: string): readonly JsonSeries[] {
  if (Array.isArray(document.MetricDataResults)) return cloudWatchSeries(document, shownAs);
  if (isObject(document.data) || document.status !== undefined) return prometheusSeries(document, shownAs);
  throw notKnown(shownAs);
}

function notKnown(shownAs: string): BadInput {
  return new BadInput(
    `${shownAs}: neither MetricDataResults nor data.result is in it; save what get-metric-data or query_range answered`,
  );
}

/** A command line that fetches several pages lists an Id once for each of them; all but the last are PartialData. */
function cloudWatchSeries(document: Json, shownAs: string): readonly JsonSeries[] {
  if (typeof document.NextToken === 'string') {
    throw new BadInput(`${shownAs}: NextToken is set, so pages are missing; fetch all of them into one file`);
  }
  const byId = new Map<unknown, CloudWatchPage[]>();
  for (const [index, result] of listOf(document.MetricDataResults).entries()) {
    const id = result.Id ?? index;
    byId.set(id, [...(byId.get(id) ?? []), { index, result }]);
  }
  return [...byId.values()].map((pages) => cloudWatchSeriesOf(pages, shownAs));
}

interface CloudWatchPage {
  readonly index: number;
  readonly result: Json;
}

function cloudWatchSeriesOf(pages: readonly CloudWatchPage[], shownAs: string): JsonSeries {
  for (const [page, { index, result }] of pages.entries()) {
    const status = result.StatusCode ?? 'Complete';
    const goesOn = status === 'PartialData' && page < pages.length - 1;
    if (status === 'Complete' || goesOn) continue;
    throw new BadInput(
      `${shownAs}: MetricDataResults[${index}].StatusCode is ${status}; fetch it again until it is Complete`,
    );
  }
  const { Id, Label } = pages[0]?.result ?? {};
  const names = [Id, Label].filter((name) => typeof name === 'string');
  return { names, field: names.at(-1) ?? 'value', lists: pages.map((page) => pointsOf(page, shownAs)) };
}

function pointsOf({ index, result }: CloudWatchPage, shownAs: string): PointList {
  const timestamps = Array.isArray(result.Timestamps) ? result.Timestamps : [];
  const values = Array.isArray(result.Values) ? result.Values : [];
  if (timestamps.length !== values.length) {
    throw new BadInput(
      `${shownAs}: MetricDataResults[${index}] has ${timestamps.length} Timestamps and ${values.length} Values; save it again, one value for each`,
    );
  }
  const at = (i: number) => {
    const place = `MetricDataResults[${index}] sample ${i}`;
    return { place, timestamp: secondsText(timestamps[i], `${shownAs} ${place}`), value: plainText(values[i]) };
  };
  return { length: timestamps.length, at };
}

function prometheusSeries(document: Json, shownAs: string): readonly JsonSeries[] {
  refuseHalfAnswer(document, shownAs);
  const data = isObject(document.data) ? document.data : {};
  return listOf(data.result).map((result, index) => {
    const place = `data.result[${index}]`;
    if (Array.isArray(result.histograms) && result.histograms.length > 0) {
      throw new BadInput(
        `${shownAs}: ${place} holds histograms; ask for a number of them, such as histogram_count(rate(NAME[2m]))`,
      );
    }
    const labels = Object.entries(isObject(result.metric) ? result.metric : {});
    const name = `{${labels.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
    return { names: [name], field: name, lists: [pairsOf(result.values, place)] };
  });
}

function pairsOf(values: unknown, place: string): PointList {
  const pairs: readonly unknown[] = Array.isArray(values) ? values : [];
  const at = (i: number) => {
    const pair = pairs[i];
    const [timestamp, value] = Array.isArray(pair) ? pair : [];
    return { place: `${place} sample ${i}`, timestamp: plainText(timestamp), value: plainText(value) };
  };
  return { length: pairs.length, at };
}

/** HTTP 200 is not success: a fault stands in the answer, and a warning says that a part of it is missing. */
function refuseHalfAnswer({ status, error, warnings, data }: Json, shownAs: string): void {
  const type = isObject(data) ? data.resultType : undefined;
  if (status !== 'success' || type !== 'matrix') {
    const said = typeof error === 'string' ? ` (${error.slice(0, 200)})` : '';
    const found = status === 'success' ? `resultType is ${type}` : `status is ${status}${said}`;
    throw new BadInput(`${shownAs}: ${found}; save a successful answer of query_range, whose resultType is matrix`);
  }
  if (!Array.isArray(warnings) || warnings.length === 0) return;
  throw new BadInput(
    `${shownAs}: the answer warns "${String(warnings[0]).slice(0, 200)}"; ask again until it does not`,
  );
}

function chosen(all: readonly JsonSeries[], wanted: string | undefined, shownAs: string): JsonSeries {
  const found = wanted === undefined ? all : all.filter((series) => series.names.includes(wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = all.map((series) => series.names[0] ?? '?').join(', ');
  if (all.length === 0)
    throw new BadInput(`${shownAs}: there is no series in it; ask for a metric that has datapoints`);
  const why =
    wanted === undefined ? `there are ${all.length} series in it` : `series "${wanted}" names ${found.length} of them`;
  throw new BadInput(`${shownAs}: ${why}; choose one of ${names} with --series of schmitt simulate`);
}

/** CloudWatch answers newest first unless told otherwise. Samples without a number for a time keep their place and are refused there. */
function* ascending(all: readonly PointList[]): Generator<JsonPoint> {
  const lists = all.filter(({ length }) => length > 0);
  const [first, last] = [lists[0]?.at(0), lists.at(-1)?.at((lists.at(-1)?.length ?? 0) - 1)];
  const descends = Number(first?.timestamp) > Number(last?.timestamp);
  for (const { length, at } of descends ? lists.toReversed() : lists) {
    for (let i = 0; i < length; i++) yield at(descends ? length - 1 - i : i);
  }
}

const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?/;
const ZONE = /(Z|[+-]\d\d(:?\d\d)?)$/i;

/** ISO dates with their zone, and numbers, as seconds. Other spellings mean other moments on other machines. */
function secondsText(timestamp: unknown, place: string): string {
  if (typeof timestamp !== 'string' || /^[\d.]+$/.test(timestamp)) return plainText(timestamp);
  const milliseconds = ISO_DATE.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(milliseconds) && ZONE.test(timestamp)) return String(milliseconds / 1000);
  throw new BadInput(
    `${place}: timestamp ${shownText(timestamp, 40)} is no date with a zone; write it as 2026-01-05T00:00:00Z`,
  );
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
