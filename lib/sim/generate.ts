/** Loads made by the project, for those who have no trace. */
import type { Load } from './types.ts';

/** The default day: a morning ramp, noise and one flash crowd; its p95 is 20 tasks of 100 requests per second at 60 %. */
export function dayWithFlashCrowd(_seed: number): Load {
  throw new Error('not built yet');
}
