/** What the numbers of a signal count, as far as its source says. */
import { durationSeconds, durationText } from '../duration.ts';
import { ALB_METRICS, DEFAULTS } from './defaults.ts';
import type { SignalDocument } from './schema.ts';

/** CloudWatch statistic. Sources without statistics carry the default one, which nobody reads. */
export function statOf(document: SignalDocument): string {
  const written = 'stat' in document ? document.stat : undefined;
  return written ?? ('alb' in document ? ALB_METRICS[document.alb].stat : DEFAULTS.stat);
}

/** A number of events in a period, which can be a rate. */
export function isCount(document: SignalDocument): boolean {
  const stat = statOf(document);
  if ('alb' in document)
    return stat === 'SampleCount' || (stat === 'Sum' && ALB_METRICS[document.alb].unit === 'count');
  return 'cloudwatch' in document && (stat === 'Sum' || stat === 'SampleCount');
}

/** In words, or undefined where only the operator knows. */
export function unitOf(document: SignalDocument): string | undefined {
  if (document.shareOf !== undefined) return 'percent';
  return document.scale === undefined ? partUnitOf(document) : undefined;
}

/** Of the numbers before they become a share. */
export function partUnitOf(document: SignalDocument): string | undefined {
  if (isCount(document)) return countUnit(document);
  if ('ecs' in document) return 'percent';
  if ('sqs' in document) return 'messages';
  if (!('alb' in document)) return undefined;
  return ALB_METRICS[document.alb].unit === 'seconds' ? 'milliseconds' : 'hosts';
}

function countUnit(document: SignalDocument): string {
  if ('per' in document && document.per !== undefined) return `counts per ${document.per}`;
  const seconds = document.period === undefined ? DEFAULTS.periodSeconds : durationSeconds(document.period);
  return seconds === 60 ? 'counts per minute' : `counts per ${durationText(seconds ?? 0)}`;
}
