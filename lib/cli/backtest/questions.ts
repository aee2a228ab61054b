/** What a backtest asks CloudWatch for: the policy's signals, those of the model of what scaled the service, and how many tasks there were. */
import type { SignalQuery } from '../../loop/ports.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { ServiceName, ServicePolicy, SignalSource, SignalSpec } from '../../policy/policy.ts';
import { MODEL_SIGNALS, requestsSpec, specOf } from '../../sim/backtest/model-signals.ts';
import type { PolicyPlayed } from '../policy-file.ts';

export const COUNT_SIGNALS = {
  samples: 'count:samples',
  desired: 'count:desired',
  running: 'count:running',
} as const;

export const FINE_SIGNAL = 'count:fine';
/** CloudWatch shows it by the number of datapoints a minute, and forgets it after so long. */
const FINE_SECONDS = 20;
const FINE_KEPT_SECONDS = 3 * 3600;

export function questionsOf(policy: ServicePolicy, targetGroups: readonly string[]): readonly SignalQuery[] {
  const ask = (name: string, spec: SignalSpec): SignalQuery => {
    const { cluster, service } = policy;
    return { cluster, service, name, spec, periods: 1, targetGroups };
  };
  const cpu = specOf('CPUUtilization');
  return [
    ...Object.entries(policy.signals).map(([name, spec]) => ask(name, spec)),
    ask(MODEL_SIGNALS.cpu, cpu),
    ask(MODEL_SIGNALS.memory, specOf('MemoryUtilization')),
    ...(targetGroups.length === 0 ? [] : [ask(MODEL_SIGNALS.requests, requestsSpec())]),
    ask(COUNT_SIGNALS.samples, { ...cpu, stat: 'SampleCount', averagedOverTasks: false }),
    ask(COUNT_SIGNALS.desired, insights(policy, 'DesiredTaskCount')),
    ask(COUNT_SIGNALS.running, insights(policy, 'RunningTaskCount')),
  ];
}

/** The samples of these hours, one by one: to be asked as of now, whenever the history ends. */
export function finenessQuestion({ cluster, service }: ServiceName): SignalQuery {
  const spec = { ...specOf('CPUUtilization'), stat: 'SampleCount', averagedOverTasks: false };
  const periods = FINE_KEPT_SECONDS / FINE_SECONDS;
  return { cluster, service, name: FINE_SIGNAL, spec: { ...spec, periodSeconds: FINE_SECONDS }, periods };
}

/** Nothing is there where Container Insights is off. */
function insights({ cluster, service }: ServiceName, metric: string): SignalSpec {
  const dimensions = { ClusterName: cluster, ServiceName: service };
  const source: SignalSource = { kind: 'cloudwatch', namespace: 'ECS/ContainerInsights', metric, dimensions };
  return { ...specOf('CPUUtilization'), source, averagedOverTasks: false };
}

/** Throws `BadInput` where CloudWatch never heard of a signal. */
export function refuseWithoutHistory({ file, policy }: PolicyPlayed): void {
  const kept = Object.entries(policy.signals).filter(([, { source }]) => isKept(source));
  const lost = Object.entries(policy.signals).find(([, { source }]) => !isKept(source));
  if (lost === undefined) return;
  const [name, { source }] = lost;
  throw new BadInput(
    `${file}, signal ${name}: a signal of kind ${source.kind} has no history in CloudWatch; backtest a policy without it. ${listed(kept.map(([one]) => one))}`,
  );
}

export function listed(names: readonly string[]): string {
  return names.length === 0 ? 'The history has none of its signals.' : `The history has ${names.join(', ')}.`;
}

function isKept(source: SignalSource): boolean {
  return source.kind === 'share' ? isKept(source.part) : /^(ecs|alb|cloudwatch|math)$/.test(source.kind);
}
