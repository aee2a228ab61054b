/** Reads what CloudWatch's GetMetricData or Prometheus' query_range answered, as their command lines print it. */
import { readFile, stat } from 'node:fs/promises';
import { BadInput } from '../policy/bad-input.ts';
import { SampleReader, type Samples } from './samples.ts';

/** Parsed in one piece; a longer history belongs into CSV, which is read row by row. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** One series of the file, whoever wrote it. */
interface JsonSeries {
  /** By which `series` chooses it. */
  readonly names: readonly string[];
  readonly field: string;
  /** In the file's own order. */
  readonly points: readonly JsonPoint[];
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
  for (const { place, timestamp, value } of ascending(series.points)) reader.add(place, timestamp, value);
  return reader.finish();
}

function parsed(text: string, shownAs: string): Json {
  try {
    const document: unknown = JSON.parse(text);
    if (isObject(document)) return document;
  } catch (cause) {
    throw new BadInput(
      `${shownAs}: this is no JSON (${cause instanceof Error ? cause.message : cause}); save it again`,
      { cause },
    );
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

function cloudWatchSeries(document: Json, shownAs: string): readonly JsonSeries[] {
  if (typeof document.NextToken === 'string') {
    throw new BadInput(`${shownAs}: NextToken is set, so pages are missing; fetch all of them into one file`);
  }
  return listOf(document.MetricDataResults).map((result, index) => {
    const status = result.StatusCode ?? 'Complete';
    if (status !== 'Complete') {
      throw new BadInput(
        `${shownAs}: MetricDataResults[${index}].StatusCode is ${status}; fetch it again until it is Complete`,
      );
    }
    const timestamps = Array.isArray(result.Timestamps) ? result.Timestamps : [];
    const values = Array.isArray(result.Values) ? result.Values : [];
    const field = String(result.Label ?? result.Id ?? `series ${index}`);
    const points = timestamps.map((timestamp, i) => ({
      place: `MetricDataResults[${index}] sample ${i}`,
      timestamp: secondsText(timestamp),
      value: plainText(values[i]),
    }));
    return { names: [result.Id, result.Label].filter((name) => typeof name === 'string'), field, points };
  });
}

function prometheusSeries(document: Json, shownAs: string): readonly JsonSeries[] {
  const data = isObject(document.data) ? document.data : {};
  if (document.status !== 'success' || data.resultType !== 'matrix') {
    const found = document.status === 'success' ? `resultType is ${data.resultType}` : `status is ${document.status}`;
    throw new BadInput(`${shownAs}: ${found}; save a successful answer of query_range, whose resultType is matrix`);
  }
  return listOf(data.result).map((result, index) => {
    const labels = Object.entries(isObject(result.metric) ? result.metric : {});
    const name = `{${labels.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
    const points = (Array.isArray(result.values) ? result.values : []).map((pair, i) => {
      const [timestamp, value] = Array.isArray(pair) ? pair : [];
      return { place: `data.result[${index}] sample ${i}`, timestamp: plainText(timestamp), value: plainText(value) };
    });
    return { names: [name], field: name, points };
  });
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
  throw new BadInput(`${shownAs}: ${why}; choose one of ${names}`);
}

/** CloudWatch answers newest first unless told otherwise. Samples without a number for a time keep their place and are refused there. */
function ascending(points: readonly JsonPoint[]): readonly JsonPoint[] {
  const times = points.map((point) => Number(point.timestamp));
  const descends = times.length > 1 && (times[0] ?? 0) > (times.at(-1) ?? 0);
  return descends ? points.toReversed() : points;
}

/** ISO dates and numbers as seconds. */
function secondsText(timestamp: unknown): string {
  const milliseconds = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(milliseconds) ? plainText(timestamp) : String(milliseconds / 1000);
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
