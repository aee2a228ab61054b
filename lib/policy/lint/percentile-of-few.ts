/** A percentile that never has the samples it needs, and one of so few datapoints that it is their maximum by another name. */
import { durationSeconds, durationText } from '../duration.ts';
import type { ServicePolicy, SignalSpec } from '../policy.ts';
import { samplesNeeded } from '../samples.ts';
import { conditionsIn, type PlacedCondition } from './rules-of.ts';
import type { Finding, LintRule } from './warning.ts';

export const percentileOfFew: LintRule = {
  name: 'percentile-of-few',
  find: (subject) => [
    ...Object.entries(subject.policy.signals).flatMap(([name, spec]) => ofTasks(subject.policy, name, spec)),
    ...conditionsIn(subject).flatMap((placed) => ofDatapoints(subject.policy, placed)),
  ],
};

/** The finest that ECS publishes. */
const SAMPLE_SECONDS = 20;

/** CPU and memory have one sample a task for each datapoint of their own. */
function ofTasks({ capacity }: ServicePolicy, name: string, spec: SignalSpec): readonly Finding[] {
  const needed = samplesNeeded(spec);
  const most = capacity.max * Math.max(1, Math.floor(spec.periodSeconds / SAMPLE_SECONDS));
  if (spec.source.kind !== 'ecs' || needed === undefined || most >= needed) return [];
  const sentence = `${name} is the ${spec.stat} of one sample a task, at most ${most} a period: it needs ${needed} and is never known; write stat: Maximum`;
  return [{ path: ['signals', name, 'stat'], sentence }];
}

const PERCENTILE = /\bp(50|90|95|99)\(\s*(\w+)\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)/g;
const LONGEST_SECONDS = 3 * 3600;

/** Between the largest two of n datapoints lies every percentile above (n - 2) / (n - 1). */
function ofDatapoints(policy: ServicePolicy, { condition, path }: PlacedCondition): readonly Finding[] {
  return [...condition.source.matchAll(PERCENTILE)].flatMap(([call, percent, signal = '', single, double]) => {
    const window = single ?? double ?? '';
    const periodSeconds = policy.signals[signal]?.periodSeconds ?? 0;
    const points = Math.floor((durationSeconds(window) ?? 0) / periodSeconds);
    const needed = Math.ceil(100 / (100 - Number(percent)) - 1e-6);
    if (!Number.isFinite(points) || points < 2 || points >= needed) return [];
    const longer =
      needed * periodSeconds <= LONGEST_SECONDS ? `, or ${durationText(needed * periodSeconds)} or more` : '';
    const sentence = `${call} is of ${points} datapoints, and such a p${percent} is as good as their largest; write max(${signal}, '${window}')${longer}`;
    return [{ path, sentence }];
  });
}
