/**
 * How long a task takes from the request to serving. The law, fitted to measurements others published of Fargate:
 * launch (network interface, image pull, boot of the application) is lognormal by class, given by median and 95th percentile;
 * then the first passed health check, uniform over the interval; 0.5 % of launches fail and are tried again after 60 s;
 * launches pass a token bucket of the account, burst 100, 20 a second.
 */
import { randomLogNormal, randomUniform } from 'd3-random';
import { cumulativeStdNormalProbability } from 'simple-statistics';
import type { EpochMs } from '../policy/policy.ts';
import { stream } from './chance.ts';

/** `fast`: image up to 150 MB. `medium`: about 500 MB. `heavy`: 1 GB and more, or a JVM. */
export type StartClass = 'fast' | 'medium' | 'heavy';

export const LAUNCH_SECONDS: Readonly<Record<StartClass, { readonly median: number; readonly p95: number }>> = {
  fast: { median: 25, p95: 45 },
  medium: { median: 45, p95: 80 },
  heavy: { median: 75, p95: 150 },
};

export const LAUNCH_FAILURE_SHARE = 0.005;
export const LAUNCH_RETRY_SECONDS = 60;
const LAUNCH_BURST = 100;
const LAUNCHES_PER_SECOND = 20;
/** Attaching the network interface; AWS bills from the image pull that follows. */
export const INTERFACE_SECONDS = { least: 8, most: 12 } as const;

const Z95 = 1.6448536269514722;

/** One launch as it will go. Milliseconds from the moment the bucket grants it, in whole seconds, as AWS bills them. */
export interface Launch {
  readonly pullAfterMs: number;
  readonly runningAfterMs: number;
  readonly healthyAfterRunningMs: number;
  readonly fails: boolean;
}

/** Launches one after another; the k-th is the same for every run with this seed. */
export function launches(seed: number, startClass: StartClass, healthCheckIntervalSeconds: number): () => Launch {
  const { median } = LAUNCH_SECONDS[startClass];
  const launch = randomLogNormal.source(stream(seed, 'launch'))(Math.log(median), sigmaOf(startClass));
  const attach = randomUniform.source(stream(seed, 'interface'))(INTERFACE_SECONDS.least, INTERFACE_SECONDS.most);
  const check = randomUniform.source(stream(seed, 'health check'))(0, healthCheckIntervalSeconds);
  const luck = stream(seed, 'launch failure');
  return () => {
    const seconds = launch();
    return {
      runningAfterMs: wholeSeconds(seconds),
      // The rare launch shorter than that still pulls for a fifth of its time.
      pullAfterMs: wholeSeconds(Math.min(attach(), seconds * 0.8)),
      healthyAfterRunningMs: wholeSeconds(check()),
      fails: luck() < LAUNCH_FAILURE_SHARE,
    };
  };
}

function wholeSeconds(seconds: number): number {
  return Math.round(seconds) * 1000;
}

/** Seconds from the granted request to serving that a share `p` of starts needs at most (failed launches aside). */
export function startSecondsQuantile(startClass: StartClass, healthCheckIntervalSeconds: number, p: number): number {
  let low = 0;
  let high = 3600;
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (startedBy(startClass, healthCheckIntervalSeconds, middle) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** Share of starts that serve after so many seconds: the lognormal averaged over the wait for the health check. */
function startedBy(startClass: StartClass, healthCheckIntervalSeconds: number, seconds: number): number {
  const parts = 64;
  let share = 0;
  for (let i = 0; i < parts; i++) {
    const launch = seconds - ((i + 0.5) / parts) * healthCheckIntervalSeconds;
    if (launch <= 0) continue;
    const z = Math.log(launch / LAUNCH_SECONDS[startClass].median) / sigmaOf(startClass);
    share += cumulativeStdNormalProbability(z) / parts;
  }
  return share;
}

function sigmaOf(startClass: StartClass): number {
  const { median, p95 } = LAUNCH_SECONDS[startClass];
  return Math.log(p95 / median) / Z95;
}

/** The account's launch quota. A launch that was granted and then called off has used its token. */
export class LaunchBucket {
  private tokens = LAUNCH_BURST;
  private at: EpochMs;

  constructor(at: EpochMs) {
    this.at = at;
  }

  /** When the next launch asked for at `now` may begin; first come, first served. */
  grant(now: EpochMs): EpochMs {
    this.tokens = Math.min(LAUNCH_BURST, this.tokens + ((now - this.at) / 1000) * LAUNCHES_PER_SECOND) - 1;
    this.at = now;
    return this.tokens >= 0 ? now : now + Math.ceil(-this.tokens / LAUNCHES_PER_SECOND) * 1000;
  }
}
