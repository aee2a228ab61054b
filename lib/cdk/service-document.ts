/** Typed props to what a policy file would say: one model, so that both are checked and linted by the same code. */
import { Duration, Token } from 'aws-cdk-lib';
import { pathText } from '../policy/document/problem.ts';
import type {
  FreezeDocument,
  InRuleDocument,
  OutRuleDocument,
  PaceDocument,
  ScheduledDocument,
  ServiceDocument,
  TargetDocument,
} from '../policy/document/schema.ts';
import { derivedSignals } from './derived-signals.ts';
import type { PaceProps } from './pace-props.ts';
import type { InRuleProps, OutRuleProps, TargetProps } from './rule-props.ts';
import type { GuardProps, ScaleProps } from './scale-props.ts';
import { textOf } from './signal.ts';
import type { StandIns } from './stand-ins.ts';
import type { FreezeProps, ScheduleProps } from './window-props.ts';

/** Says what is wrong with a prop: its path, and one clause that ends with the mend. */
export type Complain = (path: string, clause: string) => void;

/** The fields of a service in a policy file, but for its name. `where` is the path of the service's construct, for stand-ins. */
export function serviceDocument(
  props: ScaleProps,
  standIns: StandIns,
  where: string,
  complain: Complain,
): ServiceDocument {
  const { mode, capacity, scaleOut, scaleIn, targets, pace, schedule, freeze, guard } = props;
  const write = writer(complain);
  const document: ServiceDocument = {
    ...field('mode', mode),
    capacity: { min: capacity.min, max: capacity.max },
    ...field('cadence', write(['cadence'], props.cadence, textOf)),
    signals: derivedSignals(props, standIns, where, complain),
    ...field(
      'scaleOut',
      scaleOut?.map((rule, i) => ruleDocument(rule, ['scaleOut', i], write)),
    ),
    ...field(
      'scaleIn',
      scaleIn?.map((rule, i) => ruleDocument(rule, ['scaleIn', i], write)),
    ),
    ...field(
      'targets',
      targets?.map((target, i) => targetDocument(target, ['targets', i], write)),
    ),
    ...field(
      'pace',
      pace && {
        ...field(
          'out',
          write(['pace', 'out'], pace.out, (out) => paceDocument(out, ['pace', 'out'], write)),
        ),
        ...field(
          'in',
          write(['pace', 'in'], pace.in, (into) => paceDocument(into, ['pace', 'in'], write)),
        ),
      },
    ),
    ...field(
      'schedule',
      schedule?.map((window, i) => windowDocument<ScheduledDocument>(window, ['schedule', i], write)),
    ),
    ...field(
      'freeze',
      freeze?.map((window, i) => windowDocument<FreezeDocument>(window, ['freeze', i], write)),
    ),
    ...field('guard', guard && guardDocument(guard, write)),
  };
  refuseTokens(document, [], complain);
  return document;
}

type Path = readonly (string | number)[];
/** Writes one value, or complains of it and leaves it out. */
type Write = <T, R>(path: Path, value: T | undefined, text: (value: T) => R) => R | undefined;

function writer(complain: Complain): Write {
  return (path, value, text) => {
    if (value === undefined) return undefined;
    try {
      return text(value);
    } catch (fault) {
      complain(pathText(path), fault instanceof Error ? fault.message : String(fault));
      return undefined;
    }
  };
}

/** Nothing where there is no value: a policy file has no empty fields. */
function field<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

function ruleDocument<R extends OutRuleProps | InRuleProps>(
  { thenWait, ...rule }: R,
  path: Path,
  write: Write,
): OutRuleDocument & InRuleDocument {
  return { ...rule, ...field('thenWait', write([...path, 'thenWait'], thenWait, textOf)) };
}

function targetDocument({ tolerancePercent, ...target }: TargetProps, path: Path, write: Write): TargetDocument {
  const tolerance = field('tolerance', tolerancePercent === undefined ? undefined : `${tolerancePercent}%`);
  if (!('backlog' in target)) return { ...target, ...tolerance };
  const finishWithin = write([...path, 'finishWithin'], target.finishWithin, textOf) ?? '1m';
  return { ...target, finishWithin, ...tolerance };
}

function paceDocument(pace: PaceProps, path: Path, write: Write): PaceDocument {
  if (typeof pace === 'string') return pace;
  const { preset, cooldown, stabilization, upTo, pick, per } = pace;
  const limits = [
    ...(upTo?.percent === undefined ? [] : [`${upTo.percent}%`]),
    ...(upTo?.tasks === undefined ? [] : [`${upTo.tasks} ${upTo.tasks === 1 ? 'task' : 'tasks'}`]),
  ];
  const seconds = cooldown instanceof Duration ? cooldown : undefined;
  return {
    ...field('preset', preset),
    ...field('cooldown', cooldown === 'verified' ? cooldown : write([...path, 'cooldown'], seconds, textOf)),
    ...field('stabilization', write([...path, 'stabilization'], stabilization, textOf)),
    ...field('upTo', limits.length === 0 ? undefined : limits),
    ...field('pick', pick),
    ...field('per', write([...path, 'per'], per, textOf)),
  };
}

function windowDocument<W extends ScheduledDocument | FreezeDocument>(
  { lasts, from, to, ...window }: ScheduleProps | FreezeProps,
  path: Path,
  write: Write,
): W {
  const instant = (at: Date) => at.toISOString().replace('.000Z', 'Z');
  return {
    ...window,
    ...field('lasts', write([...path, 'lasts'], lasts, textOf)),
    ...field('from', write([...path, 'from'], from, instant)),
    ...field('to', write([...path, 'to'], to, instant)),
  } as W;
}

function guardDocument({ holdInWhile, unknownAbstainsAfter, whenBlindFor }: GuardProps, write: Write) {
  const abstains = write(['guard', 'unknownAbstainsAfter'], unknownAbstainsAfter, textOf);
  const floors = whenBlindFor?.map(({ time, atLeast }, i) => {
    const text = write(['guard', 'whenBlindFor', i, 'time'], time, textOf);
    return [text ?? '10m', { atLeast }] as const;
  });
  return {
    ...field('holdInWhile', holdInWhile && [...holdInWhile]),
    ...field('unknownAbstainsAfter', abstains),
    ...field('whenBlindFor', floors && Object.fromEntries(floors)),
  };
}

/** Names of resources may be tokens and have stand-ins by now; numbers, conditions and times must be known. */
function refuseTokens(value: unknown, path: Path, complain: Complain): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      refuseTokens(inner, [...path, Array.isArray(value) ? Number(key) : key], complain);
    }
  } else if (Token.isUnresolved(value)) {
    complain(pathText(path), 'is a token; its value must be known at synth, so write it');
  }
}
