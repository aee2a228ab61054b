/** A service's signals in words: value, age, source, and what reading them costs. Nothing here prints. */
import CliTable from 'cli-table3';
import type { Bill } from '../../aws/cost/bill.ts';
import type { Enrichment } from '../../aws/signals/enrichment.ts';
import type { Meter } from '../../aws/signals/meter.ts';
import type { SignalSource } from '../../policy/policy.ts';
import { number } from '../../report/words.ts';
import { dollarsText } from '../dollars.ts';
import type { CanaryResult } from './canary.ts';
import type { Inspected, InspectedSignal } from './inspect.ts';
import { planLines } from './plan-words.ts';

export interface Told {
  readonly service: string;
  readonly inspected: Inspected;
  readonly meter: Meter;
  readonly bill: Bill;
  readonly enrichment: Enrichment;
  readonly canaries: readonly CanaryResult[];
}

export function wordsOf(told: Told): string {
  const { service, inspected, meter, bill, enrichment, canaries } = told;
  const reads = bill.items.find(({ name }) => name === 'reads');
  return [
    `${service} at ${new Date(inspected.now).toISOString()}`,
    signalTable(inspected),
    '',
    ...planLines(inspected.plan),
    '',
    `Asked: ${askedWords(meter)}`,
    ...(reads === undefined ? [] : [`A month of these reads: ${dollarsText(reads.dollars)} US dollars (${reads.of})`]),
    enrichmentWords(enrichment, bill),
    ...canaries.map(({ signal, trusted, agreement: { agrees, because } }) => {
      return `Canary: ${signal} ${agrees ? 'agrees' : 'does not agree'} with ${trusted}: ${because}`;
    }),
  ].join('\n');
}

function signalTable({ now, signals }: Inspected): string {
  const table = new CliTable({
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    head: ['signal', 'value', 'age', 'period', 'delay', 'source'],
  });
  for (const one of signals) {
    const { name, spec } = one;
    const { value, age } = newestOf(one, now);
    const seconds = [`${spec.periodSeconds} s`, `${spec.publicationDelaySeconds} s`];
    table.push([name, value, age, ...seconds, `${sourceWords(spec.source, spec.stat)}${whyNot(one)}`]);
  }
  return table.toString();
}

/** An age is counted from the end of the newest period. */
function newestOf({ reading }: InspectedSignal, now: number): { readonly value: string; readonly age: string } {
  const newest = reading?.status === 'complete' ? reading.values.at(-1) : undefined;
  if (reading === undefined || newest === undefined) return { value: 'unknown', age: '' };
  const [startedAt, value] = newest;
  return { value: number(value), age: `${Math.round((now - startedAt) / 1000 - reading.periodSeconds)} s` };
}

function whyNot({ reading }: InspectedSignal): string {
  if (reading === undefined) return '\n  it comes by itself, and nobody is asked';
  const { status, cause, values } = reading;
  if (status !== 'complete') return `\n  ${status}: ${cause ?? 'without a word'}`;
  return values.length === 0 ? '\n  the source answered, and has no settled datapoint' : '';
}

function sourceWords(source: SignalSource, stat: string): string {
  switch (source.kind) {
    case 'ecs':
      return `ECS ${source.metric} ${stat}`;
    case 'alb':
      return `load balancer ${source.metric} ${stat}`;
    case 'cloudwatch':
      return `${source.namespace} ${source.metric} ${stat}`;
    case 'share':
      return `share of ${source.of}: ${sourceWords(source.part, stat)}`;
    case 'math':
      return `= ${source.expression}`;
    case 'sqs':
      return `queue ${source.queue} ${source.attribute}`;
    case 'promql':
      return `${source.from}: ${source.query}`;
    case 'pushed':
      return 'pushed';
  }
}

function askedWords({ calls, metricsRequested, samplesScanned }: Meter): string {
  const parts = Object.entries(calls).map(([operation, count]) => `${count} ${operation}`);
  if (metricsRequested > 0) parts.push(`${metricsRequested} metrics`);
  if (samplesScanned > 0) parts.push(`${samplesScanned} PromQL samples scanned`);
  return parts.join(', ') || 'nobody';
}

function enrichmentWords(enrichment: Enrichment, { enriched }: Bill): string {
  const price = `${enriched.metrics} metrics through CloudWatch's PromQL would cost ${dollarsText(enriched)} US dollars a month`;
  switch (enrichment.kind) {
    case 'running':
      return `Enrichment runs in this account${enrichment.filtered ? ', for some metrics' : ''}: ${price}, instead of their reads`;
    case 'stopped':
      return `Enrichment is off in this account: with it ${price}, instead of their reads; whether it is on is yours to say`;
    case 'unknown':
      return `Whether enrichment runs is not known (${enrichment.cause}): with it ${price}, instead of their reads`;
  }
}
