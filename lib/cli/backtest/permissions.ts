/** What a backtest may be refused by IAM, in a sentence that names what to allow. */

/** Everything it asks for; the last three only where there is such a policy, or no price given. */
export const READ_ACTIONS: readonly string[] = [
  'ecs:DescribeServices',
  'cloudwatch:GetMetricData',
  'elasticloadbalancing:DescribeTargetGroups',
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:DescribeScheduledActions',
  'cloudwatch:DescribeAlarms',
  'application-autoscaling:GetPredictiveScalingForecast',
  'ecs:DescribeTaskDefinition',
];

/** The IAM action that AWS refused, by its message; undefined where it said something else. */
export function refusedAction(message: string): string | undefined {
  return /not authorized to perform:? ([a-z-]+:\w+)/i.exec(message)?.[1];
}

/** The fault to throw instead of `error`, where that is a refusal by IAM; else `error` itself. */
export function explained(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const action = refusedAction(message);
  return action === undefined ? error : new Error(refusalSentence(action), { cause: error });
}

function refusalSentence(action: string): string {
  return `AWS refused ${action}: allow it for whoever runs this. A backtest only reads, by ${READ_ACTIONS.join(', ')}.`;
}
