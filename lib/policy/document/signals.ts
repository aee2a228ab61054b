/** Signals of a service: from what an operator writes to one `SignalSpec` each, all defaults filled in. */
import { signalNameFault } from '../cel.ts';
import type { SignalSource, SignalSpec, WhenMissing } from '../policy.ts';
import { ALB_METRICS, DEFAULTS } from './defaults.ts';
import type { SignalDocument } from './schema.ts';
import { type Scope, within } from './scope.ts';
import { checkReferences } from './signal-references.ts';
import { isCount, statOf } from './signal-units.ts';
import { secondsOf } from './units.ts';

export type SignalDocuments = Readonly<Record<string, SignalDocument>>;

/** Each is read at every tick, and paid for. */
const MOST_SIGNALS = 50;

export function compileSignals(
  documents: SignalDocuments,
  cadenceSeconds: number,
  scope: Scope,
): Record<string, SignalSpec> {
  const specs: Record<string, SignalSpec> = {};
  const count = Object.keys(documents).length;
  if (count > MOST_SIGNALS) {
    scope.say([], `has ${count} signals, above the limit of ${MOST_SIGNALS}; take some out`);
    return specs;
  }
  for (const [name, document] of Object.entries(documents)) {
    const own = within(scope, name);
    const fault = nameFault(name);
    if (fault !== undefined) own.say([], `has a name that ${fault}; choose another`);
    specs[name] = specOf(document, documents, cadenceSeconds, own);
  }
  checkReferences(documents, scope);
  return specs;
}

/** Why a signal cannot be called so, as a clause. */
export function nameFault(name: string): string | undefined {
  return name in Object.prototype ? 'every object of JavaScript has' : signalNameFault(name);
}

function specOf(document: SignalDocument, all: SignalDocuments, cadenceSeconds: number, scope: Scope): SignalSpec {
  const source = sourceOf(document);
  const periodSeconds =
    document.period === undefined
      ? defaultPeriod(document, cadenceSeconds)
      : secondsOf(document.period, scope, ['period'], 1);
  checkPeriod(document, periodSeconds, scope);
  const stat = statOf(document);
  return {
    source: document.shareOf === undefined ? source : { kind: 'share', part: source, of: document.shareOf },
    stat,
    periodSeconds,
    publicationDelaySeconds:
      document.publicationDelay === undefined
        ? defaultDelay(document, periodSeconds)
        : secondsOf(document.publicationDelay, scope, ['publicationDelay']),
    scale: scaleOf(document, all, periodSeconds, scope),
    averagedOverTasks: document.averagedOverTasks ?? averagesTasks(document, stat),
    whenMissing: whenMissingOf(document.whenMissing),
  };
}

function sourceOf(document: SignalDocument): SignalSource {
  if ('ecs' in document) return { kind: 'ecs', metric: document.ecs };
  if ('alb' in document) return { kind: 'alb', metric: document.alb };
  if ('cloudwatch' in document) {
    const { namespace, metric, dimensions = {} } = document.cloudwatch;
    return { kind: 'cloudwatch', namespace, metric, dimensions };
  }
  if ('math' in document) return { kind: 'math', expression: document.math };
  if ('sqs' in document)
    return { kind: 'sqs', queue: document.sqs, attribute: document.count ?? DEFAULTS.sqsAttribute };
  if ('promql' in document) return { kind: 'promql', query: document.promql, from: document.from };
  return { kind: 'pushed' };
}

function whenMissingOf(document: SignalDocument['whenMissing']): WhenMissing {
  if (document === undefined) return DEFAULTS.whenMissing;
  return typeof document === 'string' ? { kind: document } : { kind: 'use', signal: document.use };
}

function defaultPeriod(document: SignalDocument, cadenceSeconds: number): number {
  if ('promql' in document) return DEFAULTS.promql.periodSeconds;
  return 'sqs' in document || 'pushed' in document ? cadenceSeconds : DEFAULTS.periodSeconds;
}

function defaultDelay(document: SignalDocument, periodSeconds: number): number {
  if ('promql' in document) return DEFAULTS.promql.publicationDelaySeconds;
  if ('sqs' in document || 'pushed' in document) return DEFAULTS.read.publicationDelaySeconds;
  return periodSeconds <= DEFAULTS.fineSeconds
    ? DEFAULTS.finePublicationDelaySeconds
    : DEFAULTS.publicationDelaySeconds;
}

const HOUR = 3600;

/** What each source can deliver. */
function checkPeriod(document: SignalDocument, seconds: number, scope: Scope): void {
  const is = `is ${document.period ?? `${seconds}s`}`;
  const minutes = seconds % 60 === 0;
  if (seconds > HOUR) scope.say(['period'], `${is}; write 1h or less`);
  else if ('ecs' in document && seconds !== 20 && !minutes)
    scope.say(['period'], `${is}, and ECS has 20s and whole minutes; write one of these`);
  else if ('alb' in document && !minutes)
    scope.say(['period'], `${is}, and a load balancer sends one number a minute; write whole minutes`);
  else if (('cloudwatch' in document || 'math' in document) && !minutes && ![1, 5, 10, 20, 30].includes(seconds))
    scope.say(['period'], `${is}, and CloudWatch has 1s, 5s, 10s, 20s, 30s and whole minutes; write one of these`);
}

function averagesTasks(document: SignalDocument, stat: string): boolean {
  if (document.shareOf !== undefined) return false;
  if ('ecs' in document) return stat === 'Average';
  return 'alb' in document && ALB_METRICS[document.alb].perTarget === true;
}

/** A share of a rate is counted at the same rate, so that both numbers have one unit. */
function scaleOf(document: SignalDocument, all: SignalDocuments, periodSeconds: number, scope: Scope): number {
  const base = document.scale ?? defaultScale(document);
  const per =
    perOf(document) ??
    (document.scale === undefined && isCount(document) ? perOf(all[document.shareOf ?? '']) : undefined);
  if (per === undefined) return base;
  if (perOf(document) !== undefined && !isCount(document))
    scope.say(
      ['per'],
      `is ${per}, and ${statOf(document)} is no count that could be a rate; delete it or write stat: Sum`,
    );
  return (base * (per === 'second' ? 1 : 60)) / periodSeconds;
}

function perOf(document: SignalDocument | undefined): 'second' | 'minute' | undefined {
  return document !== undefined && 'per' in document ? document.per : undefined;
}

/** A load balancer sends seconds, people think in milliseconds. */
function defaultScale(document: SignalDocument): number {
  const seconds =
    'alb' in document && ALB_METRICS[document.alb].unit === 'seconds' && statOf(document) !== 'SampleCount';
  return seconds ? 1000 : 1;
}
