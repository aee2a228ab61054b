/**
 * What a service itself must remember of its signals. A source without a history (a queue as it is now, a number that was pushed) gives one
 * value at a time: the ring keeps the earlier ones, so that `m of n` can look back. And a signal that changes its source, in the policy or
 * because another one stands in for it, earns its `m of n` anew: what the old source said proves nothing about the new one.
 */
import type { Datapoint, Observation, Reading } from './observation.ts';
import type { EpochMs, ServicePolicy, SignalSpec } from './policy.ts';
import { periodsNeeded } from './requirements.ts';
import type { Rings, SpokenBy } from './state.ts';

/** Cadence and events may ask more often than once a period. */
const MOST_ENTRIES = 240;

export interface Recollected {
  readonly observation: Observation;
  readonly rings: Rings;
}

/** The observation with what the rings remember, and the rings with what was observed. */
export function recollect(policy: ServicePolicy, observation: Observation, rings: Rings, now: EpochMs): Recollected {
  const kept: Record<string, readonly Datapoint[]> = {};
  let { signals } = observation;
  for (const name of namesWithoutHistory(policy)) {
    const [spec, reading] = [policy.signals[name], signals[name]];
    if (spec === undefined || reading === undefined) continue;
    const ring = withReading(rings.signals?.[name] ?? [], reading, keptMs(policy, name, spec), now);
    signals = { ...signals, [name]: { ...reading, values: onePerPeriod(ring, reading.periodSeconds * 1000) } };
    if (ring.length > 0) kept[name] = ring;
  }
  const spokenBy = speakers(policy, signals, rings.spokenBy ?? NOBODY, now);
  for (const name of Object.keys(spokenBy)) {
    const [countsFrom, reading] = [spokenBy[name]?.[1] ?? 0, signals[name]];
    if (reading !== undefined && countsFrom > 0) signals = { ...signals, [name]: { ...reading, countsFrom } };
  }
  const seen = signals === observation.signals ? observation : { ...observation, signals };
  return { observation: seen, rings: ringsWith(rings, kept, spokenBy) };
}

const NOBODY: Readonly<Record<string, SpokenBy>> = {};

/** The very same rings where nothing changed. */
function ringsWith(
  rings: Rings,
  kept: Readonly<Record<string, readonly Datapoint[]>>,
  spokenBy: Readonly<Record<string, SpokenBy>>,
): Rings {
  const keepsNone = Object.keys(kept).length === 0;
  if (keepsNone && rings.signals === undefined && spokenBy === rings.spokenBy) return rings;
  const { signals: _, spokenBy: __, ...others } = rings;
  return {
    ...others,
    ...(keepsNone ? {} : { signals: kept }),
    ...(Object.keys(spokenBy).length === 0 ? {} : { spokenBy }),
  };
}

const WITHOUT_HISTORY = new WeakMap<ServicePolicy, readonly string[]>();

function namesWithoutHistory(policy: ServicePolicy): readonly string[] {
  const known = WITHOUT_HISTORY.get(policy);
  if (known !== undefined) return known;
  const names = Object.entries(policy.signals).flatMap(([name, spec]) => (hasNoHistory(spec) ? [name] : []));
  WITHOUT_HISTORY.set(policy, names);
  return names;
}

export function hasNoHistory({ source }: SignalSpec): boolean {
  return source.kind === 'sqs' || source.kind === 'pushed';
}

function keptMs(policy: ServicePolicy, name: string, { periodSeconds }: SignalSpec): number {
  return ((periodsNeeded(policy)[name] ?? 1) + 1) * periodSeconds * 1000;
}

/**
 * Oldest first; of two with one start the newer reading counts, so that the same value twice is there once. The newest stays however old it
 * is: it says since when nothing came.
 */
function withReading(
  ring: readonly Datapoint[],
  { values }: Reading,
  keepMs: number,
  now: EpochMs,
): readonly Datapoint[] {
  const byStart = new Map([...ring, ...values].map((point) => [point[0], point]));
  const past = [...byStart.values()].filter(([start]) => start <= now).sort(([a], [b]) => a - b);
  return past.filter(([start], i) => start > now - keepMs || i === past.length - 1).slice(-MOST_ENTRIES);
}

/**
 * One value for each period back from the newest read. Reads come a little early or late, so each counts for the period it is nearest to:
 * a tick at 0:59 and the next at 2:01 are two periods in a row, and only a tick that never came leaves a gap.
 */
function onePerPeriod(ring: readonly Datapoint[], periodMs: number): readonly Datapoint[] {
  const newest = ring[ring.length - 1];
  if (newest === undefined) return [];
  const byPeriod = new Map<number, Datapoint>();
  for (const [start, ...rest] of ring) {
    const back = Math.round((newest[0] - start) / periodMs);
    byPeriod.set(back, [newest[0] - back * periodMs, ...rest]);
  }
  return [...byPeriod.values()].sort(([a], [b]) => a - b);
}

/**
 * Who speaks for each signal now, and from which period on it counts; a signal that nobody speaks for keeps who spoke last. The very same
 * record where nothing changed.
 */
function speakers(
  policy: ServicePolicy,
  signals: Readonly<Record<string, Reading>>,
  before: Readonly<Record<string, SpokenBy>>,
  now: EpochMs,
): Readonly<Record<string, SpokenBy>> {
  const names = Object.keys(policy.signals);
  const spoken = names.map((name) => spokenFor(policy, signals, name, before[name], now));
  const isSame = spoken.every((one, index) => one === before[names[index] as string]);
  if (isSame && Object.keys(before).every((name) => Object.hasOwn(policy.signals, name))) return before;
  const known = names.flatMap((name, index) => {
    const one = spoken[index];
    return one === undefined ? [] : [[name, one] as const];
  });
  return Object.fromEntries(known);
}

function spokenFor(
  policy: ServicePolicy,
  signals: Readonly<Record<string, Reading>>,
  name: string,
  known: SpokenBy | undefined,
  now: EpochMs,
): SpokenBy | undefined {
  const speaker = speakerFor(policy, signals, name, now);
  if (speaker === undefined) return known;
  const { key, newestAt } = speaker;
  return known?.[0] === key ? known : [key, known === undefined ? 0 : newestAt];
}

interface Speaker {
  readonly key: string;
  /** Start of its newest datapoint: the first that counts after a switch. */
  readonly newestAt: EpochMs;
}

/** The signal itself where it is fresh, else what the policy puts in its place. */
function speakerFor(
  policy: ServicePolicy,
  signals: Readonly<Record<string, Reading>>,
  name: string,
  now: EpochMs,
): Speaker | undefined {
  const asked = policy.signals[name];
  const askedAt = asked === undefined ? undefined : freshStart(asked, signals[name], now);
  if (asked !== undefined && askedAt !== undefined) return { key: fingerprint(asked), newestAt: askedAt };
  let own: string | undefined = name;
  const seen = new Set<string>();
  while (own !== undefined && !seen.has(own)) {
    seen.add(own);
    const spec: SignalSpec | undefined = policy.signals[own];
    const newestAt = spec === undefined ? undefined : freshStart(spec, signals[own], now);
    if (spec !== undefined && newestAt !== undefined) return { key: fingerprint(spec), newestAt };
    own = spec?.whenMissing.kind === 'use' ? spec.whenMissing.signal : undefined;
  }
  return undefined;
}

function freshStart(spec: SignalSpec, reading: Reading | undefined, now: EpochMs): EpochMs | undefined {
  if (reading?.status !== 'complete' || reading.values.length === 0) return undefined;
  const periodMs = reading.periodSeconds * 1000;
  let newest = Number.NEGATIVE_INFINITY;
  for (const point of reading.values) newest = Math.max(newest, point[0]);
  return newest + periodMs >= now - 2 * periodMs - spec.publicationDelaySeconds * 1000 ? newest : undefined;
}

/** Of what a number is: where it comes from and what was done to it. Short, because the rings of a shard lie in one item. */
function fingerprint(spec: SignalSpec): string {
  const known = FINGERPRINTS.get(spec);
  if (known !== undefined) return known;
  const { source, stat, periodSeconds, scale } = spec;
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify([source, stat, periodSeconds, scale])) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  const print = hash.toString(36);
  FINGERPRINTS.set(spec, print);
  return print;
}

const FINGERPRINTS = new WeakMap<SignalSpec, string>();
