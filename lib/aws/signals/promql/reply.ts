/** What a Prometheus answered to a joined query: one answer for each part. HTTP 200 is not success here either. */
import type { EpochMs } from '../../../policy/policy.ts';
import { groupedBy } from '../../grouped.ts';
import type { Answer } from '../recipe.ts';
import { PART_LABEL, type PromqlPart, SERIES_PER_REPLY } from './requests.ts';

export interface MatrixSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Step to value; NaN and infinities as they came. */
  readonly points: ReadonlyMap<EpochMs, number>;
}

export type ParsedReply =
  | {
      readonly kind: 'matrix';
      readonly series: readonly MatrixSeries[];
      readonly warnings: readonly string[];
      /** Absent where the server does not count them. */
      readonly samplesScanned: number | undefined;
    }
  /** The server's own word: `bad_data: 1:8: parse error: …`. */
  | { readonly kind: 'error'; readonly cause: string }
  | { readonly kind: 'strange'; readonly cause: string };

export function parseReply(json: unknown): ParsedReply {
  if (!isRecord(json)) return { kind: 'strange', cause: 'it answered with JSON that is no object' };
  if (json.status === 'error')
    return { kind: 'error', cause: `${json.errorType ?? 'error'}: ${json.error ?? 'no word'}` };
  const { data } = json;
  if (!isRecord(data) || data.resultType !== 'matrix' || !Array.isArray(data.result)) {
    return { kind: 'strange', cause: 'it answered with something other than a matrix' };
  }
  const series = data.result.map(seriesOf);
  if (series.some((one) => one === undefined))
    return { kind: 'strange', cause: 'it answered with a series it cannot mean' };
  return {
    kind: 'matrix',
    series: series.filter((one) => one !== undefined),
    warnings: Array.isArray(json.warnings) ? json.warnings.map(String) : [],
    samplesScanned: samplesOf(data.stats),
  };
}

function seriesOf(given: unknown): MatrixSeries | undefined {
  if (!isRecord(given) || !isRecord(given.metric) || !Array.isArray(given.values)) return undefined;
  const points = new Map<EpochMs, number>();
  for (const pair of given.values) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') return undefined;
    points.set(Math.round(pair[0] * 1000), numberOf(pair[1]));
  }
  return { labels: given.metric as Record<string, string>, points };
}

function numberOf(text: unknown): number {
  if (text === '+Inf' || text === '-Inf') return text === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
}

function samplesOf(stats: unknown): number | undefined {
  if (!isRecord(stats) || !isRecord(stats.samples)) return undefined;
  const { totalQueryableSamples } = stats.samples;
  return typeof totalQueryableSamples === 'number' ? totalQueryableSamples : undefined;
}

/**
 * The series that came, compared with those that were asked for: a reply that may have been cut proves nothing for any part, and a part
 * with several series is no number.
 */
export function answersOf(
  { series, warnings }: Extract<ParsedReply, { kind: 'matrix' }>,
  parts: readonly PromqlPart[],
): readonly (readonly [string, Answer])[] {
  const cut =
    series.length >= SERIES_PER_REPLY ? `its reply has ${series.length} series and may have been cut` : undefined;
  const doubt = warnings.length > 0 ? `it warns: ${warnings.join('; ')}` : cut;
  const byPart = groupedBy(series, ({ labels }) => labels[PART_LABEL] ?? '');
  return parts.map(({ id }) => [id, answerOf(byPart.get(id) ?? [], doubt)]);
}

export function answerOf(series: readonly MatrixSeries[], doubt: string | undefined): Answer {
  const [one, ...more] = series;
  const points = one?.points ?? new Map<EpochMs, number>();
  if (more.length > 0) {
    const cause = `it is a vector of ${series.length} series, where one number is needed; put sum, max or avg around it`;
    return { status: 'failed', cause, points: new Map() };
  }
  return doubt === undefined ? { status: 'complete', points } : { status: 'partial', cause: doubt, points };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
