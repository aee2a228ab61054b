/** What several answers are worth together: as much as the worst of them. */
import type { ReadingStatus } from '../../policy/observation.ts';

const FROM_BEST: readonly ReadingStatus[] = ['complete', 'partial', 'failed', 'forbidden'];

export function worst(...statuses: readonly ReadingStatus[]): ReadingStatus {
  return FROM_BEST[Math.max(0, ...statuses.map((status) => FROM_BEST.indexOf(status)))] ?? 'failed';
}
