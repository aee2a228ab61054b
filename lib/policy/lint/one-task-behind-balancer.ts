/** One task behind a load balancer: whenever it is replaced, fails or loses its zone, nobody answers. */
import type { Finding, LintRule, PathInService } from './warning.ts';

export const oneTaskBehindBalancer: LintRule = {
  name: 'one-task-behind-balancer',
  find: ({ policy }) => {
    const behind = Object.values(policy.signals).some(
      ({ source }) => (source.kind === 'share' ? source.part : source).kind === 'alb',
    );
    if (!behind) return [];
    return [
      ...findingOf(policy.capacity.min, ['capacity', 'min']),
      ...policy.schedule.flatMap(({ min }, index) => findingOf(min, ['schedule', index, 'min'])),
    ];
  },
};

function findingOf(min: number | undefined, path: PathInService): readonly Finding[] {
  if (min === 1) {
    const sentence =
      'min is 1 behind a load balancer: while that task is replaced or its zone is down, nothing answers; write min: 2';
    return [{ path, sentence }];
  }
  if (min !== 0) return [];
  const sentence =
    'min is 0 behind a load balancer: requests that come while no task runs are refused, and the balancer does not report them to the service; write min: 2';
  return [{ path, sentence }];
}
