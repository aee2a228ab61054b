/** Any valid policy set, straight as typed values: what no document was needed for. */
import fc from 'fast-check';
import { versionOf } from '../../../lib/policy/document/version.ts';
import type {
  Band,
  Change,
  Freeze,
  Group,
  InRule,
  OutRule,
  Pace,
  PolicySet,
  ScheduledBounds,
  ServicePolicy,
  SignalSource,
  SignalSpec,
  TaggedPolicy,
  Target,
  TimeWindow,
} from '../../../lib/policy/policy.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const ruleName = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_ .-]{0,10}[A-Za-z0-9_]$/);
/** Whatever a tag, a queue or a query may be called, and what YAML has other plans for. */
const AWKWARD = `off|yes|null|~|true|007|0x1F|1_000|1e3|.inf|2026-12-25|20:00|<<|=|*a|&b|!c|# d|- e|? f|a: b|{|]|%|@|'|"|a\nb |\t`;
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
  fc.constantFrom(...AWKWARD.split('|')),
);
const key = text.filter((one) => one !== '__proto__');
const seconds = (min: number, max = 100_000) => fc.integer({ min, max });
const percent = (max: number) => fc.integer({ min: 1, max: max * 100 }).map((hundredths) => hundredths / 100);
const number = fc.oneof(
  fc.integer({ min: -1000, max: 100_000 }),
  fc.integer({ min: 1, max: 9999 }).map((n) => n / 16),
);

const SIGNALS = ['cpu', 'p95', 'rps', 'jobs_2', 'load'] as const;

const directSource: fc.Arbitrary<SignalSource> = fc.oneof(
  fc.record({ kind: fc.constant('ecs' as const), metric: fc.constantFrom('CPUUtilization', 'MemoryUtilization') }),
  fc.record({ kind: fc.constant('alb' as const), metric: fc.constantFrom('RequestCount', 'TargetResponseTime') }),
  fc.record({
    kind: fc.constant('cloudwatch' as const),
    namespace: text,
    metric: text,
    dimensions: fc.dictionary(key, text, { maxKeys: 3, noNullPrototype: true }),
  }),
  fc.record({
    kind: fc.constant('sqs' as const),
    queue: text,
    attribute: fc.constantFrom('backlog' as const, 'visible' as const, 'inFlight' as const, 'delayed' as const),
  }),
  fc.record({ kind: fc.constant('promql' as const), query: text, from: text }),
  fc.constant({ kind: 'pushed' as const }),
);

/** `earlier`: signals it may refer to, so that no circle can come about. */
function signalSpec(earlier: readonly string[]): fc.Arbitrary<SignalSpec> {
  const reference = earlier.length === 0 ? undefined : fc.constantFrom(...earlier);
  const share = reference?.chain((of) => directSource.map((part): SignalSource => ({ kind: 'share', part, of })));
  return fc
    .record({
      source: share === undefined ? directSource : fc.oneof(directSource, share),
      stat: fc.constantFrom('Average', 'Sum', 'p99', 'tm95.5', 'SampleCount'),
      minutes: fc.integer({ min: 1, max: 60 }),
      publicationDelaySeconds: seconds(0, 900),
      scale: fc.oneof(fc.constantFrom(1, 1000, 1 / 60), fc.double({ min: 1e-12, max: 1e12, noNaN: true })),
      averagedOverTasks: fc.boolean(),
      whenMissing: fc.oneof(
        fc.constantFrom({ kind: 'unknown' as const }, { kind: 'zero' as const }),
        ...(reference === undefined ? [] : [reference.map((signal) => ({ kind: 'use' as const, signal }))]),
      ),
    })
    .map(({ minutes, ...rest }) => ({ ...rest, stat: statFor(rest.source, rest.stat), periodSeconds: minutes * 60 }));
}

/** Sources without statistics carry the default one. */
function statFor(source: SignalSource, stat: string): string {
  const part = source.kind === 'share' ? source.part : source;
  return ['ecs', 'alb', 'cloudwatch'].includes(part.kind) ? stat : 'Average';
}

const signals: fc.Arbitrary<Record<string, SignalSpec>> = fc
  .tuple(...SIGNALS.map((_, index) => signalSpec(SIGNALS.slice(0, index))))
  .map((specs) => Object.fromEntries(SIGNALS.map((one, index) => [one, specs[index] as SignalSpec])));

const signal = fc.constantFrom(...SIGNALS);
const condition = fc
  .tuple(signal, fc.constantFrom('>', '<', '>=', '<='), number, signal, fc.constantFrom('&&', '||'))
  .map(([one, than, limit, other, joined]) => `${one} ${than} ${limit} ${joined} avg(${other}, '5m') < 7.5`);

type Plain = Exclude<Change, { kind: 'bands' }>;
const plain = (least: number, mostPercent: number): fc.Arbitrary<Plain> =>
  fc.oneof(
    fc.record({ kind: fc.constant('tasks' as const), tasks: fc.integer({ min: least, max: 50 }) }),
    fc.record({
      kind: fc.constant('percent' as const),
      percent: percent(mostPercent),
      atLeastTasks: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({ kind: fc.constant('setTo' as const), tasks: fc.integer({ min: 0, max: 50 }) }),
  );

function bands(mostPercent: number): fc.Arbitrary<Change> {
  return fc
    .record({
      signal,
      cuts: fc.uniqueArray(number, { minLength: 1, maxLength: 4 }),
      open: fc.constantFrom('below' as const, 'above' as const, 'both' as const),
      changes: fc.array(plain(0, mostPercent), { minLength: 5, maxLength: 5 }),
    })
    .map(({ signal: one, cuts, open, changes }) => ({
      kind: 'bands',
      signal: one,
      bands: bandsBetween(
        cuts.toSorted((a, b) => a - b),
        open,
        changes,
      ),
    }));
}

function bandsBetween(cuts: readonly number[], open: 'below' | 'above' | 'both', changes: readonly Plain[]): Band[] {
  const ends = [...(open === 'above' ? [] : [null]), ...cuts, ...(open === 'below' ? [] : [null])];
  return ends.slice(1).map((to, index) => ({ from: ends[index] ?? null, to, change: changes[index] as Plain }));
}

const rule = (mostPercent: number): fc.Arbitrary<OutRule & InRule> =>
  fc
    .record({
      name: ruleName,
      when: condition,
      n: fc.integer({ min: 1, max: 100 }),
      m: fc.integer({ min: 1, max: 100 }),
      thenWaitSeconds: seconds(0),
      change: fc.oneof(plain(1, mostPercent), bands(mostPercent)),
    })
    .map(({ m, n, ...rest }) => ({ ...rest, trueFor: { m: Math.min(m, n), n } }));

const tolerance = fc.record({
  out: percent(500).map((p) => Number(`${p}e-2`)),
  in: fc.integer({ min: 0, max: 9999 }).map((p) => Number(`${p}e-4`)),
});
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.record({ kind: fc.constant('perTask' as const), name: ruleName, signal, perTask: percent(1000), tolerance }),
  fc.record({
    kind: fc.constant('backlog' as const),
    name: ruleName,
    signal,
    finishWithinSeconds: seconds(100),
    secondsPerMessage: percent(100),
    parallelPerTask: percent(100),
    tolerance,
  }),
);

const pace = (mostPercent: number): fc.Arbitrary<Pace> =>
  fc.record({
    cooldown: fc.oneof(
      fc.constant({ kind: 'verified' as const }),
      fc.record({ kind: fc.constant('seconds' as const), seconds: seconds(0) }),
    ),
    stabilizationSeconds: seconds(0),
    upTo: fc.record({
      percent: percent(mostPercent),
      tasks: fc.integer({ min: 1, max: 99 }),
      pick: fc.constantFrom('larger' as const, 'smaller' as const),
      periodSeconds: seconds(1),
    }),
  });

const CALENDARS = { holidays: ['2026-12-25', '2027-01-01'], 'sale days': ['2026-11-11'] } as const;
type Calendar = keyof typeof CALENDARS;

const recurring: fc.Arbitrary<TimeWindow> = fc
  .record({
    cron: fc.constantFrom('0 8 * * MON-FRI', '*/15 0-6,22 * * *', '30 3 1 * *', '0 0 11 11 *', '0 9 * * 5L'),
    lastsSeconds: seconds(1),
    timezone: fc.constantFrom('UTC', 'Asia/Shanghai', 'America/St_Johns', 'Etc/GMT-5'),
    calendar: fc.option(fc.constantFrom<Calendar>('holidays', 'sale days'), { nil: undefined }),
    use: fc.constantFrom('only' as const, 'except' as const),
  })
  .map(({ cron, calendar, use, ...rest }) => ({
    ...rest,
    starts: { kind: 'cron', cron },
    ...(calendar === undefined ? {} : { dates: { use, calendar, dates: CALENDARS[calendar] } }),
  }));
/** From one time of the day to another. */
const daily: fc.Arbitrary<TimeWindow> = fc
  .tuple(recurring, fc.nat({ max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([window, from, minutes]) => ({
    ...window,
    starts: { kind: 'cron', cron: `${from % 60} ${Math.floor(from / 60)} * * *` },
    lastsSeconds: minutes * 60,
    untilMinute: (from + minutes) % 1440,
  }));
const single: fc.Arbitrary<TimeWindow> = fc.record({
  starts: fc.record({ kind: fc.constant('at' as const), at: fc.integer({ min: 0, max: 4e12 }) }),
  lastsSeconds: seconds(1),
  timezone: fc.constant('UTC'),
});
const window = fc.oneof(recurring, daily, single);

const freeze: fc.Arbitrary<Freeze> = fc
  .tuple(window, ruleName, fc.constantFrom('scaleIn' as const, 'scaleOut' as const, 'both' as const))
  .map(([times, called, forbid]) => ({ ...times, name: called, forbid }));

function scheduled(capacity: { min: number; max: number }): fc.Arbitrary<ScheduledBounds> {
  const count = fc.integer(capacity);
  return fc
    .tuple(window, ruleName, fc.tuple(count, count, count), fc.integer({ min: 1, max: 7 }))
    .map(([times, called, counts, which]) => {
      const [min = 0, desired = 0, max = 0] = counts.toSorted((a, b) => a - b);
      return {
        ...times,
        name: called,
        ...(which & 1 ? { min } : {}),
        ...(which & 2 ? { max } : {}),
        ...(which & 4 ? { desired } : {}),
      };
    });
}

type Policy = TaggedPolicy['policy'];
const byName = { selector: (one: { readonly name: string }) => one.name };

const policy: fc.Arbitrary<Policy> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }))
  .chain(([min, more]) => policyWithin({ min, max: min + more }));

function policyWithin(capacity: { min: number; max: number }): fc.Arbitrary<Policy> {
  const list = <T extends { readonly name: string }>(one: fc.Arbitrary<T>) =>
    fc.uniqueArray(one, { maxLength: 3, ...byName });
  return fc
    .record({
      mode: fc.constantFrom('act' as const, 'shadow' as const, 'off' as const),
      cadenceSeconds: seconds(10, 3600),
      capacity: fc.constant(capacity),
      signals,
      scaleOut: list(rule(500)),
      scaleIn: list(rule(100)),
      targets: list(target),
      pace: fc.record({ out: pace(1000), in: pace(100) }),
      schedule: list(scheduled(capacity)),
      freeze: list(freeze),
      guard: fc.record({
        holdInWhile: fc.array(condition, { maxLength: 2 }),
        unknownAbstainsAfterSeconds: seconds(0),
        whenBlindFor: fc
          .uniqueArray(fc.record({ seconds: seconds(1), atLeastTasks: fc.integer({ min: 1, max: capacity.max }) }), {
            maxLength: 3,
            selector: (floor) => floor.seconds,
          })
          .map((floors) => floors.toSorted((a, b) => a.seconds - b.seconds)),
      }),
    })
    .map((whole) => ({
      ...whole,
      scaleOut: renamed(whole.scaleOut, 'out'),
      scaleIn: renamed(whole.scaleIn, 'in'),
      targets: renamed(whole.targets, 'target'),
    }));
}

/** No name twice over the three lists. */
const renamed = <T extends { readonly name: string }>(list: readonly T[], prefix: string): T[] =>
  list.map((one) => ({ ...one, name: `${prefix} ${one.name}` }));

const servicePolicy: fc.Arbitrary<ServicePolicy> = fc
  .tuple(name, name, policy)
  .map(([cluster, service, rest]) => ({ cluster, service, ...rest }));
const tagged: fc.Arbitrary<TaggedPolicy> = fc.record({
  tags: fc.dictionary(key, text, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  policy,
});

function groupsOver(services: readonly ServicePolicy[]): fc.Arbitrary<readonly Group[]> {
  const names = services.map(({ cluster, service }) => `${cluster}/${service}`);
  const least = services.reduce((sum, { capacity }) => sum + capacity.min, 0);
  const group = fc.record({
    name: ruleName,
    services: fc.subarray(names, { minLength: 1 }),
    maxTasks: fc.integer({ min: least, max: least + 50 }),
  });
  return fc.uniqueArray(group, { maxLength: 2, ...byName });
}

const pattern = fc.stringMatching(/^[a-z*]{1,5}\/[a-z*]{1,5}$/);

export const policySet: fc.Arbitrary<PolicySet> = fc
  .uniqueArray(servicePolicy, { minLength: 1, maxLength: 3, selector: (one) => `${one.cluster}/${one.service}` })
  .chain((services) =>
    fc.record({
      services: fc.constant(services),
      tagged: fc.uniqueArray(tagged, { maxLength: 1 }),
      groups: groupsOver(services),
      allow: fc.array(pattern, { maxLength: 2 }),
      deny: fc.array(pattern, { maxLength: 2 }),
    }),
  )
  .map((set) => ({ version: versionOf(set), ...set }));
