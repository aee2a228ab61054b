/** Prometheus servers that policies may name: where they are, for the function, and what it needs to ask them. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** As the function reads it: one of `workspace`, `cloudwatch` or `url`. */
export interface PrometheusProps {
  /**
   * Id of a workspace of Amazon Managed Service for Prometheus, in the account of the stack.
   * @default - another kind of server
   */
  readonly workspace?: string;
  /**
   * CloudWatch's own PromQL.
   * @default false
   */
  readonly cloudwatch?: boolean;
  /**
   * What stands before `/api/v1/query_range`, of a server that asks for no credentials.
   * @default - another kind of server
   */
  readonly url?: string;
  /**
   * Labels that every selector must carry; `{cluster}` and `{service}` stand for the service's names.
   * @default - a selector must name a label itself
   */
  readonly scope?: Readonly<Record<string, string>>;
}

export type PrometheusServers = Readonly<Record<string, PrometheusProps>>;

/** The function's variable `PROMETHEUS`; `lib/aws/signals/promql/endpoints.ts` reads it. */
export function prometheusVariable(scope: Construct, servers: PrometheusServers): Readonly<Record<string, string>> {
  const { region } = Stack.of(scope);
  const endpoints = Object.entries(servers).map(([name, { workspace, cloudwatch, url, scope: labels }]) => [
    name,
    {
      ...(workspace === undefined ? {} : { workspace, region }),
      ...(cloudwatch === true ? { cloudwatch: region } : {}),
      ...(url === undefined ? {} : { url }),
      ...(labels === undefined ? {} : { scope: labels }),
    },
  ]);
  if (endpoints.length === 0) return {};
  return { PROMETHEUS: Stack.of(scope).toJsonString(Object.fromEntries(endpoints)) };
}

export function prometheusStatements(scope: Construct, servers: PrometheusServers): PolicyStatement[] {
  const workspaces = Object.values(servers).flatMap(({ workspace }) => workspace ?? []);
  const stack = Stack.of(scope);
  const arn = (resourceName: string) =>
    stack.formatArn({ service: 'aps', resource: 'workspace', resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  const statements: PolicyStatement[] = [];
  if (workspaces.length > 0) {
    const resources = workspaces.map(arn);
    statements.push(new PolicyStatement({ sid: 'QueryPrometheus', actions: ['aps:QueryMetrics'], resources }));
  }
  if (Object.values(servers).some(({ cloudwatch }) => cloudwatch === true)) {
    // CloudWatch's PromQL asks for both, and knows no resources.
    const actions = ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'];
    statements.push(new PolicyStatement({ sid: 'QueryCloudWatch', actions, resources: ['*'] }));
  }
  return statements;
}
