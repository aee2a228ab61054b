import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { MOST_ROWS } from '../../lib/cdk/dashboard.ts';
import { Schmitt } from '../../lib/cdk/index.ts';
import type { PolicySet } from '../../lib/policy/policy.ts';
import { serviceStage } from './a-service.ts';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly query?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly label: string; readonly value: number }[] };
  };
}

function widgetsOf(template: Template): readonly Widget[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return JSON.parse(String(readable(dashboard?.Properties.DashboardBody))).widgets;
}

const titles = (widgets: readonly Widget[]) => widgets.map(({ properties }) => properties.title ?? properties.markdown);
const named = (widgets: readonly Widget[], title: string) =>
  widgets.find(({ properties }) => properties.title === title)?.properties;
const rowsOf = (set: PolicySet) => widgetsOf(synthesize(set).template);

describe('the dashboard', () => {
  const { stack, service } = serviceStage('checkout');
  new Schmitt(stack, 'Schmitt').scale(service, {
    capacity: { min: 2, max: 20 },
    scaleOut: [{ name: 'busy', when: 'cpu > 70 || mem > 90', add: 1 }],
    scaleIn: [{ name: 'calm', when: 'cpu < 30', remove: 1 }],
  });
  const template = Template.fromStack(stack);
  const widgets = widgetsOf(template);

  test('shows the scaler’s own health first, then each service', () => {
    expect(titles(widgets)).toEqual([
      ...['The scaler', 'Ticks', 'Late and long', 'Decisions'],
      ...['prod/checkout: tasks', 'prod/checkout: desired, as decided', 'prod/checkout: cpu', 'prod/checkout: mem'],
      'prod/checkout: decisions',
    ]);
  });

  test('has every alarm in its first light', () => {
    const made = ['Alarm', 'CompositeAlarm'].flatMap((type) =>
      Object.keys(template.findResources(`AWS::CloudWatch::${type}`)),
    );
    expect(named(widgets, 'The scaler')?.alarms).toHaveLength(made.length);
  });

  test('draws a signal with the thresholds of its rules', () => {
    const picture = named(widgets, 'prod/checkout: cpu');
    expect(picture?.metrics?.[0]).toEqual(
      expect.arrayContaining(['AWS/ECS', 'CPUUtilization', 'ClusterName', 'prod', 'ServiceName', 'checkout']),
    );
    expect(picture?.annotations?.horizontal.map(({ value, label }) => [label, value])).toEqual([
      ['busy 70', 70],
      ['calm 30', 30],
    ]);
  });

  test('draws what runs between its bounds', () => {
    const lines = named(widgets, 'prod/checkout: tasks')?.annotations?.horizontal;
    expect(lines?.map(({ value, label }) => `${label} ${value}`)).toEqual(['min 2', 'max 20']);
  });

  test('lists what was decided, out of the tick’s own log', () => {
    const { query } = named(widgets, 'prod/checkout: decisions') ?? {};
    expect(query).toContain("SOURCE '<SchmittTickLogs>'");
    expect(query).toContain('filter ecsService = "prod/checkout"');
  });
});

test('of many services the first fifty are shown, and the page says so', () => {
  const many = Array.from({ length: MOST_ROWS + 2 }, (_, index) => policy(`prod/service-${index}`, 'act'));
  const shown = titles(rowsOf(fleet(...many)));
  expect(shown.filter((title) => title?.endsWith(': tasks'))).toHaveLength(MOST_ROWS);
  expect(shown.at(-1)).toMatch(/2/);
});

test('services that are switched off are not shown', () => {
  expect(titles(rowsOf(fleet(policy('prod/web', 'off')))).filter((title) => title?.includes('prod/web'))).toEqual([]);
});
