/** One dashboard: the scaler's own health, then a row for each service: what it sees, what runs, what was decided. */
import { Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  Metric,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ServicePolicy } from '../policy/policy.ts';
import type { SchmittAlarms } from './alarms.ts';
import { decisionsMetric, tickMetric } from './metrics.ts';
import type { Settled } from './reach.ts';
import { signalMetrics } from './signal-metrics.ts';
import { thresholdsOf } from './thresholds.ts';

export interface DashboardProps {
  readonly scaler: string;
  readonly tick: IFunction;
  readonly log: ILogGroup;
  readonly alarms: SchmittAlarms;
}

/** A dashboard holds 500 widgets; of more services than these nobody scrolls through the pictures. */
export const MOST_ROWS = 50;
const WIDTH = 24;
const HEIGHT = 6;

export interface SchmittDashboard {
  readonly dashboard: Dashboard;
  /** Adds a row for each service. */
  show(settled: Settled): void;
}

export function createDashboard(scope: Construct, props: DashboardProps): SchmittDashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', { defaultInterval: Duration.hours(3) });
  dashboard.addWidgets(...healthWidgets(props));
  return {
    dashboard,
    show(settled) {
      const live = settled.set.services.filter(({ mode }) => mode !== 'off');
      for (const policy of live.slice(0, MOST_ROWS))
        dashboard.addWidgets(...serviceRow(scope, policy, settled, props.log));
      const unshown = unshownText(live.length, settled.set.tagged.length);
      if (unshown !== '') dashboard.addWidgets(new TextWidget({ markdown: unshown, width: WIDTH, height: 2 }));
    },
  };
}

function healthWidgets({ scaler, tick, alarms }: DashboardProps): IWidget[] {
  const minute = { period: Duration.minutes(1) };
  const decided = (['out', 'in'] as const).flatMap((action) =>
    ['changed', 'shadowed', 'refused'].map((outcome) =>
      decisionsMetric(scaler, { action, outcome }, { label: `${action} ${outcome}` }),
    ),
  );
  return [
    new AlarmStatusWidget({
      title: 'The scaler',
      alarms: [...(alarms.unwell === undefined ? [] : [alarms.unwell]), ...alarms.all],
      width: WIDTH / 4,
      height: HEIGHT,
    }),
    graph('Ticks', [tick.metricInvocations(minute), tick.metricErrors(minute), tick.metricThrottles(minute)]),
    graph('Late and long', [tickMetric(scaler, 'TickAge')], [tickMetric(scaler, 'TickDuration')]),
    graph('Decisions', decided, [tickMetric(scaler, 'SignalsMissing')]),
  ];
}

function serviceRow(scope: Construct, policy: ServicePolicy, settled: Settled, log: ILogGroup): IWidget[] {
  const { standIns } = settled;
  const name = `${policy.cluster}/${policy.service}`;
  const [cluster, service] = [standIns.resolve(policy.cluster), standIns.resolve(policy.service)];
  const lines = thresholdsOf(policy);
  const pictures = signalMetrics(policy, settled).map(({ signal, metric }) =>
    graph(`${name}: ${signal}`, [metric], [], annotationsOf(lines.filter((line) => line.signal === signal))),
  );
  const bounds = [policy.capacity.min, policy.capacity.max].map((value, index) => ({
    value,
    label: index === 0 ? 'min' : 'max',
    color: Color.GREY,
  }));
  return [
    graph(`${name}: tasks`, [runningTasks(cluster, service)], [], bounds),
    new LogQueryWidget({
      title: `${name}: desired, as decided`,
      logGroupNames: [log.logGroupName],
      view: LogQueryVisualizationType.LINE,
      queryLines: [
        'fields to',
        `filter ecsService = "${cluster}/${service}" and ispresent(to)`,
        'stats latest(to) as desired by bin(1m)',
      ],
      width: WIDTH / 4,
      height: HEIGHT,
    }),
    ...pictures,
    new LogQueryWidget({
      title: `${name}: decisions`,
      logGroupNames: [log.logGroupName],
      view: LogQueryVisualizationType.TABLE,
      queryLines: [
        'fields @timestamp, outcome, message',
        `filter ecsService = "${cluster}/${service}"`,
        'sort @timestamp desc',
        'limit 20',
      ],
      region: Stack.of(scope).region,
      width: WIDTH / 2,
      height: HEIGHT,
    }),
  ];
}

/** ECS sends CPU once a minute for each task, so the count of its samples is the number of tasks, without a metric of our own. */
function runningTasks(cluster: string, service: string): Metric {
  return new Metric({
    namespace: 'AWS/ECS',
    metricName: 'CPUUtilization',
    dimensionsMap: { ClusterName: cluster, ServiceName: service },
    statistic: Stats.SAMPLE_COUNT,
    period: Duration.minutes(1),
    label: 'running',
  });
}

function annotationsOf(lines: ReturnType<typeof thresholdsOf>): HorizontalAnnotation[] {
  return lines.map(({ value, rule, direction }) => ({
    value,
    label: `${rule} ${value}`,
    color: direction === 'out' ? Color.RED : Color.GREEN,
  }));
}

function graph(
  title: string,
  left: IMetric[],
  right: IMetric[] = [],
  leftAnnotations: HorizontalAnnotation[] = [],
): GraphWidget {
  return new GraphWidget({ title, left, right, leftAnnotations, width: WIDTH / 4, height: HEIGHT });
}

function unshownText(live: number, tagged: number): string {
  const more =
    live > MOST_ROWS ? [`${live - MOST_ROWS} more services have no row here; their decisions are in the log.`] : [];
  const found =
    tagged > 0 ? ['Services that are found by their tags have no row here; their decisions are in the log.'] : [];
  return [...more, ...found].join(' ');
}
