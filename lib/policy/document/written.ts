/** A typed policy in the operator's form, everything written out: the inverse of reading it. */
import { durationText } from '../duration.ts';
import type {
  Change,
  Freeze,
  InRule,
  OutRule,
  Pace,
  PolicySet,
  ScheduledBounds,
  SignalSource,
  SignalSpec,
  Target,
  TimeWindow,
} from '../policy.ts';
import { nameText } from '../service-name.ts';
import { DEFAULTS } from './defaults.ts';
import { MOST_TASKS } from './fields.ts';
import type {
  FreezeDocument,
  InRuleDocument,
  OutRuleDocument,
  PaceDocument,
  PolicyDocument,
  ScheduledDocument,
  ServiceDocument,
  SignalDocument,
  TargetDocument,
} from './schema.ts';
import type { Policy } from './service.ts';
import { percentText } from './units.ts';

export function writtenOut(set: PolicySet): PolicyDocument {
  const policies: readonly Policy[] = [...set.services, ...set.tagged.map(({ policy }) => policy)];
  const calendars = calendarsOf(policies);
  return {
    version: 1,
    ...(set.allow.length === 0 ? {} : { allow: [...set.allow] }),
    ...(set.deny.length === 0 ? {} : { deny: [...set.deny] }),
    services: [
      ...set.services.map((policy) => ({ service: nameText(policy), ...serviceDocument(policy) })),
      ...set.tagged.map(({ tags, policy }) => ({ tagged: { ...tags }, ...serviceDocument(policy) })),
    ],
    ...(set.groups.length === 0
      ? {}
      : { groups: set.groups.map((group) => ({ ...group, services: [...group.services] })) }),
    ...(Object.keys(calendars).length === 0 ? {} : { calendars }),
  };
}

function calendarsOf(policies: readonly Policy[]): Record<string, string[]> {
  const windows: readonly TimeWindow[] = policies.flatMap(({ schedule, freeze }) => [...schedule, ...freeze]);
  return Object.fromEntries(
    windows.flatMap(({ dates }) => (dates === undefined ? [] : [[dates.calendar, [...dates.dates]]])),
  );
}

function serviceDocument(policy: Policy): ServiceDocument {
  const { signals, guard } = policy;
  return {
    mode: policy.mode,
    cadence: durationText(policy.cadenceSeconds),
    capacity: { ...policy.capacity },
    signals: Object.fromEntries(Object.entries(signals).map(([name, spec]) => [name, signalDocument(spec)])),
    scaleOut: policy.scaleOut.map((rule) => ({ ...ruleDocument(rule), ...outChange(rule.change) })),
    scaleIn: policy.scaleIn.map((rule) => ({ ...ruleDocument(rule), ...inChange(rule.change) })),
    targets: policy.targets.map(targetDocument),
    pace: { out: paceDocument(policy.pace.out), in: paceDocument(policy.pace.in) },
    schedule: policy.schedule.map(scheduledDocument),
    freeze: policy.freeze.map(freezeDocument),
    guard: {
      holdInWhile: [...guard.holdInWhile],
      unknownAbstainsAfter: durationText(guard.unknownAbstainsAfterSeconds),
      whenBlindFor: Object.fromEntries(
        guard.whenBlindFor.map(({ seconds, atLeastTasks }) => [durationText(seconds), { atLeast: atLeastTasks }]),
      ),
    },
  };
}

function signalDocument(spec: SignalSpec): SignalDocument {
  const share = spec.source.kind === 'share' ? { shareOf: spec.source.of } : {};
  const part = spec.source.kind === 'share' ? spec.source.part : spec.source;
  return {
    ...sourceDocument(part, spec.stat),
    ...share,
    period: durationText(spec.periodSeconds),
    publicationDelay: durationText(spec.publicationDelaySeconds),
    scale: spec.scale,
    averagedOverTasks: spec.averagedOverTasks,
    whenMissing: spec.whenMissing.kind === 'use' ? { use: spec.whenMissing.signal } : spec.whenMissing.kind,
  };
}

function sourceDocument(source: SignalSource, stat: string): SignalDocument {
  switch (source.kind) {
    case 'ecs':
      return { ecs: source.metric, stat };
    case 'alb':
      return { alb: source.metric as Extract<SignalDocument, { alb: unknown }>['alb'], stat };
    case 'cloudwatch': {
      const { namespace, metric, dimensions } = source;
      return { cloudwatch: { namespace, metric, dimensions: { ...dimensions } }, stat };
    }
    case 'math':
      return { math: source.expression };
    case 'sqs':
      return { sqs: source.queue, count: source.attribute };
    case 'promql':
      return { promql: source.query, from: source.from };
    case 'pushed':
      return { pushed: true };
    case 'share':
      throw new Error('a share of a share has no spelling, and no document makes one');
  }
}

function ruleDocument({ name, when, trueFor, thenWaitSeconds }: OutRule | InRule) {
  const wait = thenWaitSeconds === DEFAULTS.thenWaitSeconds ? {} : { thenWait: durationText(thenWaitSeconds) };
  return { name, when, trueFor: `${trueFor.m} of ${trueFor.n}`, ...wait };
}

type Plain = Exclude<Change, { kind: 'bands' }>;

function outChange(change: Change): Pick<OutRuleDocument, 'add' | 'addPercent' | 'atLeast' | 'setTo' | 'bands'> {
  return change.kind === 'bands' ? { bands: bandsDocument(change, plainOut) } : plainOut(change);
}

function inChange(change: Change): Pick<InRuleDocument, 'remove' | 'removePercent' | 'atLeast' | 'setTo' | 'bands'> {
  return change.kind === 'bands' ? { bands: bandsDocument(change, plainIn) } : plainIn(change);
}

function plainOut(change: Plain) {
  if (change.kind === 'setTo') return { setTo: change.tasks };
  return change.kind === 'tasks' ? { add: change.tasks } : { addPercent: change.percent, atLeast: change.atLeastTasks };
}

function plainIn(change: Plain) {
  if (change.kind === 'setTo') return { setTo: change.tasks };
  return change.kind === 'tasks'
    ? { remove: change.tasks }
    : { removePercent: change.percent, atLeast: change.atLeastTasks };
}

function bandsDocument<Step>({ signal, bands }: Extract<Change, { kind: 'bands' }>, plain: (change: Plain) => Step) {
  const steps = bands.map(({ from, to, change }) => ({
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...plain(change),
  }));
  return { signal, steps };
}

function targetDocument(target: Target): TargetDocument {
  const { name, signal } = target;
  const tolerance = { out: percentText(target.tolerance.out), in: percentText(target.tolerance.in) };
  if (target.kind === 'perTask') return { name, signal, perTask: target.perTask, tolerance };
  const { secondsPerMessage, parallelPerTask } = target;
  const finishWithin = durationText(target.finishWithinSeconds);
  return { name, backlog: signal, finishWithin, secondsPerMessage, parallelPerTask, tolerance };
}

function paceDocument({ cooldown, stabilizationSeconds, upTo }: Pace): PaceDocument {
  const tasks = Math.min(upTo.tasks, MOST_TASKS);
  return {
    cooldown: cooldown.kind === 'verified' ? 'verified' : durationText(cooldown.seconds),
    stabilization: durationText(stabilizationSeconds),
    upTo: [`${upTo.percent}%`, `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`],
    pick: upTo.pick,
    per: durationText(upTo.periodSeconds),
  };
}

function windowDocument(window: TimeWindow) {
  const { starts, dates, untilMinute } = window;
  return {
    ...(starts.kind === 'cron' ? { cron: starts.cron } : { from: new Date(starts.at).toISOString() }),
    ...(untilMinute === undefined ? { lasts: durationText(window.lastsSeconds) } : { until: clockText(untilMinute) }),
    timezone: window.timezone,
    ...(dates === undefined ? {} : dates.use === 'only' ? { calendar: dates.calendar } : { except: dates.calendar }),
  };
}

function clockText(minuteOfDay: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

function scheduledDocument({ name, min, max, desired, ...window }: ScheduledBounds): ScheduledDocument {
  return {
    name,
    ...windowDocument(window),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(desired === undefined ? {} : { desired }),
  };
}

function freezeDocument({ name, forbid, ...window }: Freeze): FreezeDocument {
  return { name, ...windowDocument(window), forbid };
}
