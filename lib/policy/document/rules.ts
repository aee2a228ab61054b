/** Rules and targets of a service, typed and checked against its signals. */
import { durationText } from '../duration.ts';
import type { InRule, OutRule, SignalSpec, Target, TrueFor } from '../policy.ts';
import { changeOf, conditionOfBands, type Direction, type RuleDocument } from './changes.ts';
import type { CheckCondition } from './conditions.ts';
import { DEFAULTS } from './defaults.ts';
import { MOST_PERIODS } from './fields.ts';
import { valueText } from './problem.ts';
import type { ServiceDocument, TargetDocument } from './schema.ts';
import { knowsSignal, type Scope, within } from './scope.ts';
import { fractionOf, secondsOf, trueForOf } from './units.ts';

export interface RulesOfService {
  readonly scaleOut: readonly OutRule[];
  readonly scaleIn: readonly InRule[];
  readonly targets: readonly Target[];
}

type Signals = Readonly<Record<string, SignalSpec>>;

export function compileRules(
  document: ServiceDocument,
  signals: Signals,
  check: CheckCondition,
  scope: Scope,
): RulesOfService {
  const list = (direction: Direction) =>
    (document[direction] ?? []).map((rule, index) =>
      ruleOf(rule, direction, signals, check, within(scope, direction, index)),
    );
  const compiled = {
    scaleOut: list('scaleOut'),
    scaleIn: list('scaleIn'),
    targets: (document.targets ?? []).map((target, index) =>
      targetOf(target, signals, within(scope, 'targets', index)),
    ),
  };
  checkNames(compiled, scope);
  return compiled;
}

function ruleOf(
  document: RuleDocument,
  direction: Direction,
  signals: Signals,
  check: CheckCondition,
  scope: Scope,
): OutRule {
  const change = changeOf(document, direction, Object.keys(signals), scope);
  const implied = change.kind === 'bands' ? conditionOfBands(change.signal, change.bands, direction) : undefined;
  const when = document.when ?? implied;
  if (when === undefined) {
    const open = change.kind === 'bands' ? ', and its bands are open on both sides' : '';
    scope.say([], `says no condition${open}; add when, as in when: 'cpu > 70'`);
  } else if (document.when !== undefined) {
    check(when, scope, ['when']);
  }
  return {
    name: document.name,
    when: when ?? '',
    trueFor: document.trueFor === undefined ? DEFAULTS.trueFor[direction] : checkedTrueFor(document.trueFor, scope),
    thenWaitSeconds:
      document.thenWait === undefined ? DEFAULTS.thenWaitSeconds : secondsOf(document.thenWait, scope, ['thenWait']),
    change,
  };
}

function checkedTrueFor(text: string, scope: Scope): TrueFor {
  const trueFor = trueForOf(text);
  const { m, n } = trueFor;
  const is = `is ${text}`;
  if (m < 1) scope.say(['trueFor'], `${is}, which is always so; write at least 1 of ${Math.max(n, 1)}`);
  else if (m > n) scope.say(['trueFor'], `${is}, which is never so; write ${n} of ${n} or raise the second number`);
  else if (n > MOST_PERIODS)
    scope.say(['trueFor'], `${is}, and at most ${MOST_PERIODS} periods are kept; write a smaller second number`);
  return trueFor;
}

function targetOf(document: TargetDocument, signals: Signals, scope: Scope): Target {
  const field = 'backlog' in document ? 'backlog' : 'signal';
  const signal = 'backlog' in document ? document.backlog : document.signal;
  knowsSignal(scope, [field], signal, Object.keys(signals));
  const tolerance = toleranceOf(document.tolerance);
  if (tolerance.in >= 1)
    scope.say(['tolerance'], `is ${percentOf(tolerance.in)} towards in, which is never left; write less than 100%`);
  if (!('backlog' in document))
    return { kind: 'perTask', name: document.name ?? signal, signal, perTask: document.perTask, tolerance };
  const finishWithinSeconds = secondsOf(document.finishWithin, scope, ['finishWithin'], 1);
  const { secondsPerMessage } = document;
  if (finishWithinSeconds > 0 && secondsPerMessage > finishWithinSeconds)
    scope.say(
      ['finishWithin'],
      `is ${durationText(finishWithinSeconds)}, less than the ${secondsPerMessage} s that one message takes; raise it`,
    );
  return {
    kind: 'backlog',
    name: document.name ?? `backlog ${signal}`,
    signal,
    finishWithinSeconds,
    secondsPerMessage,
    parallelPerTask: document.parallelPerTask ?? DEFAULTS.parallelPerTask,
    tolerance,
  };
}

const percentOf = (fraction: number): string => `${fraction * 100}%`;

function toleranceOf(document: TargetDocument['tolerance']): Target['tolerance'] {
  const both = typeof document === 'string' ? { out: document, in: document } : (document ?? {});
  return {
    out: both.out === undefined ? DEFAULTS.tolerance : fractionOf(both.out),
    in: both.in === undefined ? DEFAULTS.tolerance : fractionOf(both.in),
  };
}

/** Cooldowns and evidence are kept by name, over all three lists. */
function checkNames(rules: RulesOfService, scope: Scope): void {
  const taken = new Map<string, string>();
  for (const list of ['scaleOut', 'scaleIn', 'targets'] as const) {
    for (const [index, { name }] of rules[list].entries()) {
      const place = `${list}[${index}]`;
      const first = taken.get(name);
      if (first !== undefined)
        scope.say([list, index, 'name'], `is ${valueText(name)}, as that of ${first} is; give each a name of its own`);
      taken.set(name, first ?? place);
    }
  }
}
