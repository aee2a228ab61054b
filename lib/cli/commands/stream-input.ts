/** One line of `decide --stream` as the input of a decision: checked, and with its defaults filled in. See docs/decide-stream.md. */
import { countInForce } from '../../policy/count.ts';
import type { Datapoint, Observation, Reading, ReadingStatus, ServiceObservation } from '../../policy/observation.ts';
import type { EpochMs, Override, ServicePolicy } from '../../policy/policy.ts';
import { startSecondsOf } from '../../policy/start-time.ts';
import { EMPTY_STATE, type ServiceState } from '../../policy/state.ts';
import { deploymentOf } from './stream-deployment.ts';
import { BadLine, bad, countOf, type Fields, fieldsOf, instantOf, own, secondsOf, truthOf } from './stream-fields.ts';
import { overridesOf } from './stream-overrides.ts';
import { stateOf } from './stream-state.ts';

export interface StreamInput {
  readonly now: EpochMs;
  readonly observation: Observation;
  readonly state: ServiceState;
  readonly overrides: readonly Override[];
}

/** Throws `BadLine`. */
export function streamInput(policy: ServicePolicy, text: string): StreamInput {
  const line = fieldsOf(jsonOf(text), 'it', '{"now": 1794225600000, "service": {"desired": 4}, "signals": {}}');
  const now = instantOf(own(line, 'now'), 'now');
  const given = own(line, 'state');
  const state = given === undefined ? EMPTY_STATE : stateOf(given);
  const described = fieldsOf(own(line, 'service'), 'service', '{"desired": 4}');
  const service = serviceOf(described);
  const tags = fieldsOf(own(described, 'tags') ?? {}, 'service.tags', '{"schmitt": "web"}');
  const signals = signalsOf(policy, own(line, 'signals'), tasksOf(service, given === undefined ? undefined : state));
  return {
    now,
    observation: { service, signals },
    state,
    overrides: overridesOf(own(line, 'overrides'), policy, tags),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadLine(`is no JSON (${(error as Error).message}); send one object a line`);
  }
}

const LONGEST_START = 86_400;

function serviceOf(fields: Fields): ServiceObservation {
  const desired = countOf(fields, 'desired', 'service.desired');
  const start = own(fields, 'startSeconds');
  const inService = own(fields, 'inService');
  const { deploying = false, deployment } = deploymentOf(own(fields, 'deployment'));
  return {
    desired,
    running: countOf(fields, 'running', 'service.running', desired),
    pending: countOf(fields, 'pending', 'service.pending', 0),
    unhealthy: countOf(fields, 'unhealthy', 'service.unhealthy', 0),
    deploying: truthOf(own(fields, 'deploying'), 'service.deploying', deploying),
    ...(deployment === undefined ? {} : { deployment }),
    ...(inService === undefined ? {} : { inService: countOf(fields, 'inService', 'service.inService') }),
    ...(start === undefined ? {} : { startSeconds: startOf(start) }),
  };
}

function startOf(value: unknown): { readonly p50: number; readonly p95: number } {
  const fields = fieldsOf(value, 'service.startSeconds', '{"p50": 40, "p95": 95}');
  return {
    p50: secondsOf(own(fields, 'p50'), 'service.startSeconds.p50', LONGEST_START),
    p95: secondsOf(own(fields, 'p95'), 'service.startSeconds.p95', LONGEST_START),
  };
}

/**
 * How many tasks made a datapoint that does not say so: those that run, unless the state knows that another count was in force when its
 * period began.
 */
function tasksOf(service: ServiceObservation, state: ServiceState | undefined): (startedAt: EpochMs) => number {
  const { desired, running } = service;
  if (state === undefined) return () => running;
  const { p95 } = service.startSeconds ?? startSecondsOf(state.startSeconds);
  return (startedAt) => {
    const inForce = countInForce(state.rings.counts, startedAt, p95);
    return inForce === undefined || inForce === desired ? running : inForce;
  };
}

type TasksAt = (startedAt: EpochMs) => number;

/** Only what the policy names; others may be there and are not looked at. */
function signalsOf(policy: ServicePolicy, value: unknown, tasksAt: TasksAt): Record<string, Reading> {
  const fields = fieldsOf(value ?? {}, 'signals', '{"cpu": {"values": [[1794225540000, 63.2]]}}');
  const readings: Record<string, Reading> = {};
  for (const [name, spec] of Object.entries(policy.signals)) {
    const reading = own(fields, name);
    if (reading !== undefined) readings[name] = readingOf(reading, `signals.${name}`, spec.periodSeconds, tasksAt);
  }
  return readings;
}

const STATUSES: readonly unknown[] = ['complete', 'partial', 'forbidden', 'failed'] satisfies readonly ReadingStatus[];
const LONGEST_PERIOD = 86_400;

function readingOf(value: unknown, name: string, usualPeriod: number, tasksAt: TasksAt): Reading {
  const fields = fieldsOf(value, name, '{"values": [[1794225540000, 63.2]]}');
  const status = own(fields, 'status') ?? 'complete';
  if (!STATUSES.includes(status)) throw bad(`${name}.status`, status, `write one of ${STATUSES.join(', ')}`);
  const values = own(fields, 'values') ?? [];
  if (!Array.isArray(values)) throw bad(`${name}.values`, values, PAIRS);
  const samples = samplesOf(values);
  return {
    status: status as ReadingStatus,
    periodSeconds: secondsOf(own(fields, 'periodSeconds') ?? usualPeriod, `${name}.periodSeconds`, LONGEST_PERIOD),
    values: values.map((point, index) => datapointOf(point, () => `${name}.values[${index}]`, tasksAt)),
    ...(samples.length === 0 ? {} : { samples }),
  };
}

/** Those that say how many there were; what is wrong with a value is said where it is read. */
function samplesOf(values: readonly unknown[]): [EpochMs, number][] {
  return values.flatMap((value): [EpochMs, number][] => {
    if (!Array.isArray(value) || value.length < 4) return [];
    const [start, , , samples] = value as readonly unknown[];
    return typeof start === 'number' && typeof samples === 'number' ? [[start, samples]] : [];
  });
}

const PAIRS =
  'write a list of [period start in milliseconds, number, tasks, samples]; tasks and samples may be left away, or be null';

function datapointOf(value: unknown, name: () => string, tasksAt: TasksAt): Datapoint {
  if (!Array.isArray(value) || value.length < 2 || value.length > 4) throw bad(name(), value, PAIRS);
  const [start, number, tasks, samples] = value as readonly unknown[];
  if (typeof number !== 'number' || !Number.isFinite(number)) throw bad(name(), value, PAIRS);
  if (!isCountOrAbsent(tasks) || !isCountOrAbsent(samples)) throw bad(name(), value, PAIRS);
  const startedAt = instantOf(start, name());
  return [startedAt, number, typeof tasks === 'number' ? tasks : tasksAt(startedAt)];
}

function isCountOrAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'number' && value >= 0);
}
