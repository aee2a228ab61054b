/**
 * Slow answers alone add tasks. What makes them slow is often behind the service (a database, a neighbour), and then more tasks make it
 * worse. A witness of load beside the latency says that there is work to share out.
 */
import type { ServicePolicy, SignalSource, SignalSpec } from '../policy.ts';
import { acts, type RuleInList, rulesIn, valuesToTry } from './rules-of.ts';
import { findPoint, someTries } from './search.ts';
import { signalsOf } from './steady.ts';
import type { Finding, LintRule } from './warning.ts';
import { listText } from './words.ts';

export const latencyWithoutLoad: LintRule = {
  name: 'latency-without-load',
  find: (subject) => [
    ...rulesIn(subject, 'scaleOut').flatMap((one) => ruleFinding(subject.policy, one)),
    ...targetFindings(subject.policy),
  ],
};

function ruleFinding(policy: ServicePolicy, one: RuleInList): readonly Finding[] {
  const latencies = signalsOf(one.rule, one.condition).filter((name) => isLatency(name, policy.signals[name]));
  if (latencies.length === 0) return [];
  const values = valuesToTry(policy, [one]);
  for (const name of Object.keys(values)) if (isLoad(name, policy.signals[name])) values[name] = [0];
  if (findPoint({ values, holds: (point) => acts(policy, one, point) }, someTries()) === undefined) return [];
  const load = Object.keys(policy.signals).find((name) => isLoad(name, policy.signals[name])) ?? 'cpu';
  const slow = one.condition.comparisons.find(({ signal }) => signal !== undefined && latencies.includes(signal));
  const joined = `${slow?.source ?? listText(latencies)} && ${load} > ${policy.signals[load]?.source.kind === 'ecs' ? 50 : '…'}`;
  const sentence = `'${one.rule.name}' adds tasks because of ${listText(latencies)} alone, also where there is nothing to do; join it with a signal of load, as in ${joined}`;
  return [{ path: ['scaleOut', one.index, 'when'], sentence }];
}

function targetFindings(policy: ServicePolicy): readonly Finding[] {
  return policy.targets.flatMap(({ name, signal }, index): readonly Finding[] => {
    if (!isLatency(signal, policy.signals[signal])) return [];
    const sentence = `target '${name}' takes ${signal} as proportional to the number of tasks, and a latency is not; use a rule with ${signal} and a signal of load`;
    return [{ path: ['targets', index], sentence }];
  });
}

const LATENCY = /latency|response_?time|duration|histogram_quantile/i;

function isLatency(name: string, spec: SignalSpec | undefined): boolean {
  return spec !== undefined && LATENCY.test(textOf(spec.source, name));
}

const NO_LOAD = /memory|error|[45]xx|host|fault|throttle/i;

/** Work that comes in or is being done; a share of it says nothing of how much there is. */
function isLoad(name: string, spec: SignalSpec | undefined): boolean {
  if (spec === undefined || spec.source.kind === 'share' || isLatency(name, spec)) return false;
  return !NO_LOAD.test(textOf(spec.source, name));
}

/** The words that say what a signal measures. */
function textOf(source: SignalSource, name: string): string {
  switch (source.kind) {
    case 'ecs':
    case 'alb':
      return source.metric;
    case 'cloudwatch':
      return `${source.namespace} ${source.metric}`;
    case 'math':
      return `${name} ${source.expression}`;
    case 'promql':
      return `${name} ${source.query}`;
    case 'share':
      return textOf(source.part, name);
    case 'sqs':
      return 'queue';
    case 'pushed':
      return name;
  }
}
