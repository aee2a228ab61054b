/** One service, defaults under it, to its typed policy; and what its fields mean together. */
import type { Guard, ServiceName, ServicePolicy, SignalSource } from '../policy.ts';
import { usedSignals } from '../used-signals.ts';
import type { CheckCondition } from './conditions.ts';
import { DEFAULTS } from './defaults.ts';
import { withErrorGuards } from './error-guards.ts';
import { paceOf } from './paces.ts';
import { oneOf } from './problem.ts';
import { compileRules } from './rules.ts';
import type { ServiceDocument } from './schema.ts';
import { type Inherited, type Scope, within } from './scope.ts';
import { compileSignals, nameFault } from './signals.ts';
import { secondsOf } from './units.ts';
import { type Calendars, freezesOf, schedulesOf } from './windows.ts';

export type Policy = Omit<ServicePolicy, keyof ServiceName>;

const LEAST_CADENCE_SECONDS = 10;

export function compileService(
  { document, ownSignals, scope }: Inherited,
  calendars: Calendars,
  checkerOf: (signals: readonly string[]) => CheckCondition,
): Policy {
  const cadenceSeconds =
    document.cadence === undefined
      ? DEFAULTS.cadenceSeconds
      : secondsOf(document.cadence, scope, ['cadence'], LEAST_CADENCE_SECONDS);
  const signals = compileSignals(document.signals ?? {}, cadenceSeconds, within(scope, 'signals'));
  const check = checkerOf(Object.keys(signals).filter((name) => nameFault(name) === undefined));
  const policy: Policy = {
    mode: document.mode ?? DEFAULTS.mode,
    cadenceSeconds,
    capacity: capacityOf(document, scope),
    signals,
    ...compileRules(document, signals, check, scope),
    pace: {
      out: paceOf(document.pace?.out, 'out', within(scope, 'pace', 'out')),
      in: paceOf(document.pace?.in, 'in', within(scope, 'pace', 'in')),
    },
    schedule: schedulesOf(document.schedule ?? [], calendars, within(scope, 'schedule')),
    freeze: freezesOf(document.freeze ?? [], calendars, within(scope, 'freeze')),
    guard: guardOf(document, signals, check, within(scope, 'guard')),
  };
  checkBounds(policy, document, scope);
  checkZero(policy, scope);
  return withSignals(policy, new Set([...usedSignals(policy), ...ownSignals]));
}

function withSignals(policy: Policy, kept: ReadonlySet<string>): Policy {
  const signals = Object.entries(policy.signals).filter(([name]) => kept.has(name));
  return { ...policy, signals: Object.fromEntries(signals) };
}

function capacityOf({ capacity }: ServiceDocument, scope: Scope): Policy['capacity'] {
  const { min, max } = capacity ?? {};
  if (capacity === undefined) scope.say(['capacity'], 'is missing; add it, as in capacity: { min: 2, max: 10 }');
  else if (min === undefined)
    scope.say(['capacity', 'min'], 'is missing; say the smallest number of tasks, as in min: 2');
  else if (max === undefined)
    scope.say(['capacity', 'max'], 'is missing; say the largest number of tasks, as in max: 10');
  else if (min > max) scope.say(['capacity', 'min'], `is ${min}, above max ${max}; lower min or raise max`);
  return { min: min ?? 1, max: max ?? 1 };
}

function guardOf(
  { guard = {} }: ServiceDocument,
  signals: Policy['signals'],
  check: CheckCondition,
  scope: Scope,
): Guard {
  const { holdInWhile = [], whenBlindFor = {}, unknownAbstainsAfter } = guard;
  for (const [index, condition] of holdInWhile.entries()) check(condition, scope, ['holdInWhile', index]);
  const floors = Object.entries(whenBlindFor).map(([time, { atLeast }]) => ({
    seconds: secondsOf(time, scope, ['whenBlindFor', time], 1),
    atLeastTasks: atLeast,
    time,
  }));
  floors.sort((a, b) => a.seconds - b.seconds);
  for (const [index, { time, seconds }] of floors.entries())
    if (seconds === floors[index - 1]?.seconds) scope.say(['whenBlindFor', time], 'is written twice; keep one of them');
  return {
    holdInWhile: withErrorGuards(holdInWhile, signals),
    unknownAbstainsAfterSeconds:
      unknownAbstainsAfter === undefined
        ? DEFAULTS.unknownAbstainsAfterSeconds
        : secondsOf(unknownAbstainsAfter, scope, ['unknownAbstainsAfter']),
    whenBlindFor: floors.map(({ seconds, atLeastTasks }) => ({ seconds, atLeastTasks })),
  };
}

/** Floors, ceilings and counts of windows and of blindness against the capacity that holds around them. */
function checkBounds({ capacity, schedule }: Policy, document: ServiceDocument, scope: Scope): void {
  if (document.capacity?.min === undefined || document.capacity.max === undefined) return;
  for (const [index, window] of schedule.entries()) {
    const own = within(scope, 'schedule', index);
    const min = window.min ?? capacity.min;
    const max = window.max ?? capacity.max;
    const ceiling = window.max === undefined ? 'capacity.max' : 'its max';
    const floor = window.min === undefined ? 'capacity.min' : 'its min';
    if (min > max && window.min !== undefined)
      own.say(['min'], `is ${min}, above ${ceiling} ${max}; lower min or write a max`);
    else if (min > max) own.say(['max'], `is ${max}, below ${floor} ${min}; raise max or write a min`);
    else if (window.desired !== undefined && window.desired > max)
      own.say(['desired'], `is ${window.desired}, above ${ceiling} ${max}; lower desired or write a max`);
    else if (window.desired !== undefined && window.desired < min)
      own.say(['desired'], `is ${window.desired}, below ${floor} ${min}; raise desired or write a min`);
  }
  for (const [time, { atLeast }] of Object.entries(document.guard?.whenBlindFor ?? {}))
    if (atLeast > capacity.max)
      scope.say(
        ['guard', 'whenBlindFor', time, 'atLeast'],
        `is ${atLeast}, above capacity.max ${capacity.max}; lower it or raise max`,
      );
}

const SEES_ZERO: ReadonlySet<SignalSource['kind']> = new Set(['sqs', 'promql', 'pushed']);

/** ECS and load balancers say nothing about a service without tasks: nothing there would ever wake it. */
function checkZero(policy: Policy, scope: Scope): void {
  const { capacity, schedule, signals } = policy;
  const seeing = Object.keys(signals).filter((name) => SEES_ZERO.has(signals[name]?.source.kind ?? 'ecs'));
  if (seeing.some((name) => waking(policy).has(name))) return;
  const rest =
    seeing.length === 0
      ? 'is 0, and no signal sees load at zero tasks; add an sqs, promql or pushed signal, or write 1'
      : `is 0, and neither scaleOut nor targets use ${oneOf(seeing)} to leave zero; use it there, or write 1`;
  if (capacity.min === 0) scope.say(['capacity', 'min'], rest);
  for (const [index, { min }] of schedule.entries())
    if (min === 0 && capacity.min !== 0) scope.say(['schedule', index, 'min'], rest);
}

/** Signals that can ask for more tasks. */
function waking({ scaleOut, targets }: Policy): ReadonlySet<string> {
  const words = scaleOut.flatMap(({ when }) => when.match(/[A-Za-z_]\w*/g) ?? []);
  return new Set([...words, ...targets.map(({ signal }) => signal)]);
}
