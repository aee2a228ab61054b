/** `ListMetrics`: which metrics there are, 500 a page. */
import { asObject, type JsonObject, list, text } from '../json-input.ts';
import type { Catalogue, MetricName } from './catalogue.ts';
import { invalidNextToken, requiredText } from './fields.ts';

const PAGE = 500;

export function listMetrics(catalogue: Catalogue, input: JsonObject): object {
  const namespace = text(input, 'Namespace');
  const name = text(input, 'MetricName');
  const filters = (list(input, 'Dimensions') ?? []).map((one) => {
    const filter = asObject(one, 'DimensionFilter');
    return { name: requiredText(filter, 'Name'), value: text(filter, 'Value') };
  });
  const fits = (metric: MetricName) =>
    (namespace ?? metric.namespace) === metric.namespace &&
    (name ?? metric.name) === metric.name &&
    filters.every((filter) => {
      const value = metric.dimensions[filter.name];
      return value !== undefined && (filter.value ?? value) === value;
    });
  const found = catalogue.all().filter(fits);
  const token = text(input, 'NextToken') ?? '0';
  if (!/^\d{1,9}$/.test(token)) throw invalidNextToken();
  const from = Number(token);
  const end = from + PAGE;
  return {
    Metrics: found.slice(from, end).map(metricJson),
    ...(end < found.length ? { NextToken: String(end) } : {}),
  };
}

function metricJson({ namespace, name, dimensions }: MetricName): object {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}
