/** The alarms that say the scaler itself is unwell, or that somebody should look. Each names its section of `docs/operations.md`. */
import { Alarm, AlarmRule, AlarmState, CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CHECKS_MISSING } from './checks-watches.ts';
import type { Watch, WatchedParts } from './watch.ts';
import { watches } from './watches.ts';

/** Kinds of alarms that emulators refuse. */
export type LeftOut = 'compositeAlarms' | 'mathAlarms';

export interface AlarmProps extends WatchedParts {
  readonly topic: ITopic;
  readonly leaveOut: readonly LeftOut[];
}

export interface SchmittAlarms {
  readonly all: readonly Alarm[];
  readonly noTick: Alarm;
  readonly checksMissing: Alarm;
  /** Those that a bad policy sets off. */
  readonly monitors: readonly Alarm[];
  readonly unwell: CompositeAlarm | undefined;
}

export function createAlarms(scope: Construct, props: AlarmProps): SchmittAlarms {
  const isLeftOut = (kind: LeftOut) => props.leaveOut.includes(kind);
  const pairs = watches(props)
    .filter(({ math }) => !(math === true && isLeftOut('mathAlarms')))
    .map((watch) => ({ watch, alarm: createAlarm(scope, watch, props.topic) }));
  const those = (wanted: (watch: Watch) => boolean) =>
    pairs.flatMap(({ watch, alarm }) => (wanted(watch) ? [alarm] : []));
  const called = (name: string): Alarm => {
    const [alarm] = those(({ id }) => id === name);
    if (alarm === undefined) throw new Error(`No alarm is called ${name}.`);
    return alarm;
  };
  return {
    all: pairs.map(({ alarm }) => alarm),
    noTick: called('NoTick'),
    checksMissing: called(CHECKS_MISSING),
    monitors: those(({ takesPoliciesBack }) => takesPoliciesBack === true),
    unwell: isLeftOut('compositeAlarms')
      ? undefined
      : createUnwell(
          scope,
          those(({ means }) => means === 'unwell'),
        ),
  };
}

function createAlarm(scope: Construct, { id, says, runbook, metric, breach }: Watch, topic: ITopic): Alarm {
  const alarm = new Alarm(scope, `Alarm${id}`, {
    alarmDescription: describe(says, runbook),
    metric,
    threshold: breach.threshold,
    comparisonOperator: breach.comparison,
    evaluationPeriods: breach.periods,
    datapointsToAlarm: breach.breachingPeriods,
    treatMissingData: breach.whenMissing,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
  return alarm;
}

/** One light for the whole scaler: for dashboards and pagers. Its parts have told the topic already, so it does not tell it again. */
function createUnwell(scope: Construct, parts: readonly Alarm[]): CompositeAlarm {
  return new CompositeAlarm(scope, 'Unwell', {
    alarmDescription: describe('The scaler is unwell', 'alarm-the-scaler-is-unwell'),
    alarmRule: AlarmRule.anyOf(...parts.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
  });
}

function describe(says: string, runbook: string): string {
  return `Schmitt: ${says}. Runbook: docs/operations.md#${runbook}`;
}
