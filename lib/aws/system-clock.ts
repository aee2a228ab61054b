/** The machine's clock, for the one place where ports are composed. */
import type { Clock } from '../loop/ports.ts';

export const systemClock: Clock = { now: () => Date.now() };
