/** A time that is cut finer than the numbers come: a window without a datapoint in it, a period that its source does not have. */
import { durationSeconds, durationText, durationWords } from '../duration.ts';
import type { ServicePolicy, SignalSpec } from '../policy.ts';
import { operandsOf } from '../used-signals.ts';
import { conditionsIn, type PlacedCondition } from './rules-of.ts';
import type { Finding, LintRule } from './warning.ts';

export const periodFinerThanSignal: LintRule = {
  name: 'period-finer-than-signal',
  find: (subject) => [
    ...Object.entries(subject.policy.signals).flatMap(([name, spec]) => signalFinding(subject.policy, name, spec)),
    ...conditionsIn(subject).flatMap((placed) => windowFindings(subject.policy, placed)),
  ],
};

function signalFinding(policy: ServicePolicy, name: string, spec: SignalSpec): readonly Finding[] {
  const slower = slowerThan(policy, name, spec);
  if (slower === undefined) return [];
  const { what, seconds } = slower;
  const sentence = `${name} has a period of ${durationWords(spec.periodSeconds)}, finer than ${what}: most of its periods stay unknown; write period: ${durationText(seconds)}`;
  return [{ path: ['signals', name], sentence }];
}

/** What delivers numbers less often than the signal asks for them. */
function slowerThan(
  policy: ServicePolicy,
  name: string,
  { source, periodSeconds, whenMissing }: SignalSpec,
): { readonly what: string; readonly seconds: number } | undefined {
  const { cadenceSeconds, signals } = policy;
  if ((source.kind === 'sqs' || source.kind === 'pushed') && periodSeconds < cadenceSeconds)
    return { what: `the cadence of ${durationWords(cadenceSeconds)} at which it is read`, seconds: cadenceSeconds };
  if (source.kind === 'cloudwatch' && source.namespace.startsWith('AWS/') && periodSeconds < 60)
    return { what: `the ${durationWords(60)} at which ${source.namespace} publishes`, seconds: 60 };
  const parts =
    source.kind === 'share'
      ? [source.of]
      : source.kind === 'math'
        ? operandsOf(source.expression, Object.keys(signals))
        : [];
  const named = [...parts, ...(whenMissing.kind === 'use' ? [whenMissing.signal] : [])].filter(
    (other) => other !== name,
  );
  const coarser = named.find((other) => (signals[other]?.periodSeconds ?? 0) > periodSeconds);
  const seconds = signals[coarser ?? '']?.periodSeconds;
  if (coarser === undefined || seconds === undefined) return undefined;
  return { what: `the ${durationWords(seconds)} of ${coarser}, which it is made from`, seconds };
}

const WINDOW = /\b(avg|max|min|p50|p90|p95|p99|rate|slope)\(\s*(\w+)\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)/g;

/** A window must hold a whole datapoint; a change over time needs two. */
function windowFindings(policy: ServicePolicy, { condition, path }: PlacedCondition): readonly Finding[] {
  return [...condition.source.matchAll(WINDOW)].flatMap(([call, name = '', signal = '', single, double]) => {
    const windowSeconds = durationSeconds(single ?? double ?? '') ?? 0;
    const periodSeconds = policy.signals[signal]?.periodSeconds ?? 0;
    const needed = (name === 'rate' || name === 'slope' ? 2 : 1) * periodSeconds;
    if (windowSeconds >= needed) return [];
    const sentence = `${call} never has ${needed > periodSeconds ? 'two datapoints' : 'a datapoint'} in it: ${signal} comes every ${durationWords(periodSeconds)}; write ${durationText(needed)} or more`;
    return [{ path, sentence }];
  });
}
