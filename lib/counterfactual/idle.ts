/**
 * CPU that tasks use without any work. It does not move to other tasks with the load, so beside a fleet much larger than ours it would look
 * like work. Learned where the policy also reads the requests: CPU is a straight line over requests per task, and idle is where it begins.
 */
import type { Datapoint, Observation } from '../policy/observation.ts';
import type { ServicePolicy } from '../policy/policy.ts';

/** Sums of a weighted straight-line fit of y = CPU percent over x = requests per task; older samples fade. */
export interface IdleFit {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/** A day of minutes. */
const KEEP_SHARE = 1 - 1 / 1440;
const ENOUGH_SAMPLES = 60;
/** Percent of CPU: known better than this, by the standard error of where the line begins. */
const SURE_WITHIN = 1;

/** The fit with one more datapoint of CPU, made by `tasks`; the same where the requests of its period are not known. */
export function withSample(
  fit: IdleFit | undefined,
  policy: ServicePolicy,
  { signals }: Observation,
  [startedAt, cpu]: Datapoint,
  tasks: number,
): IdleFit | undefined {
  const requests = Object.entries(policy.signals).find(([, { source }]) => isRequests(source))?.[0];
  const rate = requests === undefined ? undefined : signals[requests]?.values.find(([at]) => at === startedAt)?.[1];
  if (rate === undefined || tasks <= 0) return fit;
  const x = rate / tasks;
  const { n, x: sumX, y, xx, xy, yy } = fit ?? NOTHING;
  return {
    n: n * KEEP_SHARE + 1,
    x: sumX * KEEP_SHARE + x,
    y: y * KEEP_SHARE + cpu,
    xx: xx * KEEP_SHARE + x * x,
    xy: xy * KEEP_SHARE + x * cpu,
    yy: yy * KEEP_SHARE + cpu * cpu,
  };
}

const NOTHING: IdleFit = { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

function isRequests(source: ServicePolicy['signals'][string]['source']): boolean {
  return source.kind === 'alb' && source.metric === 'RequestCount';
}

/** Percent of CPU; 0 until it is known. Where requests per task hardly varied the line could begin anywhere, and its error says so. */
export function idlePercent(fit: IdleFit | undefined): number {
  if (fit === undefined || fit.n < ENOUGH_SAMPLES) return 0;
  const { n } = fit;
  const [meanX, meanY] = [fit.x / n, fit.y / n];
  const [varX, varY, covariance] = [fit.xx / n - meanX ** 2, fit.yy / n - meanY ** 2, fit.xy / n - meanX * meanY];
  if (varX <= 0) return 0;
  const slope = covariance / varX;
  const residual = Math.max(0, varY - slope * covariance);
  const error = Math.sqrt((residual / n) * (1 + meanX ** 2 / varX));
  return error > SURE_WITHIN ? 0 : Math.max(0, meanY - slope * meanX);
}
