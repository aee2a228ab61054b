/** The plan of a read in words: every call, and every query in it. Nothing here prints. */
import type { MetricDataCall, PlannedQuery } from '../../aws/signals/metric-data-queries.ts';
import type { SignalPlan } from '../../aws/signals/plan.ts';
import type { PromqlCall } from '../../aws/signals/promql/requests.ts';
import type { QueueRead } from '../../aws/signals/sqs.ts';
import type { Window } from '../../aws/signals/window.ts';

export function planLines({ metricData, queues, promql }: SignalPlan): readonly string[] {
  return [
    ...metricData.flatMap(metricDataLines),
    ...queues.map(({ id, name, owner }: QueueRead) => {
      const whose = owner === undefined ? '' : ` of ${owner.account} in ${owner.region}`;
      return `GetQueueAttributes\n  ${id}  ${name}${whose}`;
    }),
    ...promql.flatMap(promqlLines),
  ].flatMap((text) => text.split('\n'));
}

function metricDataLines({ bundles, waitMs, ...window }: MetricDataCall): readonly string[] {
  const queries = bundles.flat();
  const metrics = queries.filter(({ kind }) => kind === 'metric').length;
  const wait = waitMs === 0 ? '' : `, ${waitMs / 1000} s after the first`;
  return [`GetMetricData ${spanOf(window)}, ${metrics} metrics${wait}`, ...queries.map(queryLine)];
}

function queryLine(query: PlannedQuery): string {
  const { id, periodSeconds } = query;
  if (query.kind === 'expression') return `  ${id}  = ${query.expression}, ${periodSeconds} s`;
  const dimensions = query.dimensions.map(({ name, value }) => `${name}=${value}`).join(', ');
  return `  ${id}  ${query.namespace} ${query.metric} ${query.stat}, ${periodSeconds} s { ${dimensions} }`;
}

function promqlLines({ from, stepSeconds, bundles, ...window }: PromqlCall): readonly string[] {
  const parts = bundles.flatMap(({ value, ages }) => [value, ...ages]);
  return [
    `query_range of ${from}, ${spanOf(window)}, every ${stepSeconds} s`,
    ...parts.map(({ id, expression }) => `  ${id}  ${expression.replace(/\s+/g, ' ')}`),
  ];
}

/** `08:41:00 to 08:46:00`, UTC, end exclusive. */
function spanOf({ start, end }: Window): string {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 19);
  return `${clock(start)} to ${clock(end)}`;
}
