/** The signals of a service, from the objects that it was given. Those that nobody wrote down are read only where a condition names them. */
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { SignalDocument } from '../policy/document/schema.ts';
import type { ScaleProps } from './scale-props.ts';
import type { Complain } from './service-document.ts';
import { Signal } from './signal.ts';
import type { StandIns } from './stand-ins.ts';

/** Every signal that the props can give, by its name, and the prop that gives it. */
type Candidates = ReadonlyMap<string, { readonly signal: Signal; readonly prop: string; readonly always: boolean }>;

export function derivedSignals(
  props: ScaleProps,
  standIns: StandIns,
  where: string,
  complain: Complain,
): Record<string, SignalDocument> {
  const documents: Record<string, SignalDocument> = {};
  for (const [name, { signal, prop }] of usedSignals(props, complain)) {
    try {
      documents[name] = signal.written(standIns, `${where}/${name}`);
    } catch (fault) {
      complain(`${prop}.${name}`, fault instanceof Error ? fault.message : String(fault));
    }
  }
  return documents;
}

/** What the tick must be allowed to read. */
export function signalsOf(props: ScaleProps): readonly Signal[] {
  return [...usedSignals(props, () => undefined).values()].map(({ signal }) => signal);
}

function usedSignals(props: ScaleProps, complain: Complain): Candidates {
  const candidates = candidatesOf(props, complain);
  const words = new Set(wordsOf(props));
  // A share is of another signal, and that one may be derived too.
  if (words.has('errors') && candidates.get('errors')?.prop === 'targetGroup') words.add('rps');
  return new Map([...candidates].filter(([name, { always }]) => always || words.has(name)));
}

function candidatesOf(props: ScaleProps, complain: Complain): Candidates {
  const { targetGroup, queues = {}, alarms = {}, signals = {} } = props;
  const found = new Map<string, { signal: Signal; prop: string; always: boolean }>();
  const add = (prop: string, name: string, signal: Signal, always = false) => {
    const other = found.get(name);
    if (other !== undefined) {
      complain(`${prop}.${name}`, `has the name of a signal that ${other.prop} gives; rename one of them`);
    }
    found.set(name, { signal, prop, always });
  };
  for (const [name, signal] of Object.entries(signals)) add('signals', name, signal, true);
  for (const [name, queue] of Object.entries(queues)) add('queues', name, Signal.queue(queue));
  const words = new Set(wordsOf(props));
  for (const [name, alarm] of Object.entries(alarms)) {
    if (alarm instanceof Alarm) add('alarms', name, Signal.metric(alarm.metric));
    else if (words.has(name))
      complain(`alarms.${name}`, 'is an imported alarm, whose metric nobody knows; give the metric in signals');
  }
  const derived = { ...OF_EVERY_SERVICE, ...(targetGroup === undefined ? {} : OF_A_TARGET_GROUP) };
  for (const [name, { signal, prop }] of Object.entries(derived)) if (!found.has(name)) add(prop, name, signal);
  return found;
}

const OF_EVERY_SERVICE = {
  cpu: { signal: Signal.cpu(), prop: 'the service' },
  mem: { signal: Signal.memory(), prop: 'the service' },
} as const;

const OF_A_TARGET_GROUP = {
  rps: { signal: Signal.loadBalancer('RequestCount', { per: 'second', whenMissing: 'zero' }), prop: 'targetGroup' },
  p95: { signal: Signal.loadBalancer('TargetResponseTime', { statistic: 'p95' }), prop: 'targetGroup' },
  // AWS sends no datapoint where nothing failed.
  errors: {
    signal: Signal.loadBalancer('HTTPCode_Target_5XX_Count', { shareOf: 'rps', whenMissing: 'zero' }),
    prop: 'targetGroup',
  },
} as const;

/** Every word of every place where a signal may be named. */
function wordsOf({ scaleOut = [], scaleIn = [], targets = [], guard = {}, signals = {} }: ScaleProps): string[] {
  const texts = [
    ...[...scaleOut, ...scaleIn].map(({ when }) => when),
    ...targets.map((target) => ('backlog' in target ? target.backlog : target.signal)),
    ...(guard.holdInWhile ?? []),
    ...Object.values(signals).flatMap(({ names }) => names),
  ];
  return texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []);
}
