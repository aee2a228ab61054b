/** What KEDA assumes of a metric that keeps failing. */

export interface FallbackRules {
  readonly failureThreshold: number;
  readonly replicas: number;
  readonly behavior: 'static' | 'currentReplicas' | 'currentReplicasIfHigher' | 'currentReplicasIfLower';
}

/** Undefined: pass the failure on, and nothing scales. `failures` in a row, this one included. */
export function fallbackReplicas(
  failures: number,
  current: number,
  rules: FallbackRules | undefined,
): number | undefined {
  if (rules === undefined) return undefined;
  const { failureThreshold, replicas, behavior } = rules;
  if (failureThreshold < 0 || replicas < 0 || failures <= failureThreshold) return undefined;
  switch (behavior) {
    case 'static':
      return replicas;
    case 'currentReplicas':
      return current;
    case 'currentReplicasIfHigher':
      return Math.max(current, replicas);
    case 'currentReplicasIfLower':
      return Math.min(current, replicas);
  }
}
