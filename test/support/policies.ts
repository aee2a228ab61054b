/** Parts of policies for stories: signals as they are in life, rules in one line, and a policy in which nothing damps. */
import type {
  Change,
  InRule,
  OutRule,
  Pace,
  ServicePolicy,
  SignalSpec,
  Target,
  TimeWindow,
  TrueFor,
} from '../../lib/policy/policy.ts';

export const cpu: SignalSpec = {
  source: { kind: 'ecs', metric: 'CPUUtilization' },
  stat: 'Average',
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  scale: 1,
  averagedOverTasks: true,
  whenMissing: { kind: 'unknown' },
};
export const rps: SignalSpec = {
  source: { kind: 'alb', metric: 'RequestCount' },
  stat: 'Sum',
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  scale: 1 / 60,
  averagedOverTasks: false,
  whenMissing: { kind: 'unknown' },
};
/** Read at each tick, so there is nothing to wait for. */
export const queue: SignalSpec = {
  source: { kind: 'sqs', queue: 'jobs', attribute: 'backlog' },
  stat: 'Average',
  periodSeconds: 60,
  publicationDelaySeconds: 0,
  scale: 1,
  averagedOverTasks: false,
  whenMissing: { kind: 'unknown' },
};

/** Wide enough never to be in the way. */
export const FREE_OUT: Pace = {
  cooldown: { kind: 'verified' },
  stabilizationSeconds: 0,
  upTo: { percent: 1000, tasks: 100, pick: 'larger', periodSeconds: 60 },
};
export const FREE_IN: Pace = {
  cooldown: { kind: 'seconds', seconds: 0 },
  stabilizationSeconds: 0,
  upTo: { percent: 100, tasks: 100, pick: 'larger', periodSeconds: 60 },
};

/** Nothing damps but the cooldown that the design always has; a test adds what it is about. */
export function policy(parts: Partial<ServicePolicy> = {}): ServicePolicy {
  return {
    cluster: 'prod',
    service: 'checkout',
    mode: 'act',
    cadenceSeconds: 60,
    capacity: { min: 2, max: 60 },
    signals: { cpu },
    scaleOut: [],
    scaleIn: [],
    targets: [],
    pace: { out: FREE_OUT, in: FREE_IN },
    schedule: [],
    freeze: [],
    guard: { holdInWhile: [], unknownAbstainsAfterSeconds: 900, whenBlindFor: [] },
    ...parts,
  };
}

/** `rule('warm', 'cpu > 70', add(1), '3 of 3')`. */
export function rule(
  name: string,
  when: string,
  change: Change,
  trueFor: `${number} of ${number}` = '1 of 1',
  thenWaitSeconds = 0,
): OutRule & InRule {
  return { name, when, change, trueFor: trueForOf(trueFor), thenWaitSeconds };
}

function trueForOf(text: string): TrueFor {
  const [m = 1, n = 1] = text.split(' of ').map(Number);
  return { m, n };
}

export const tasks = (count: number): Change => ({ kind: 'tasks', tasks: count });
export const percent = (part: number, atLeastTasks = 1): Change => ({ kind: 'percent', percent: part, atLeastTasks });
export const setTo = (count: number): Change => ({ kind: 'setTo', tasks: count });

export function perTask(signal: string, each: number, tolerance = 0.1): Target {
  return { kind: 'perTask', name: signal, signal, perTask: each, tolerance: { out: tolerance, in: tolerance } };
}

/** A window by cron, in Shanghai where nothing else is said. */
export function cron(
  text: string,
  hours: number,
  timezone = 'Asia/Shanghai',
  more: Partial<TimeWindow> = {},
): TimeWindow {
  return { starts: { kind: 'cron', cron: text }, lastsSeconds: hours * 3600, timezone, ...more };
}
