/**
 * Waiting in front of one task. Round robin makes n separate queues of c servers, not one pool of n × c, so all of this is per task.
 * Below saturation: Erlang C, scaled for other than exponential spread by Allen and Cunneen. Above it: a fluid backlog with a time-out.
 */
import { probit } from 'simple-statistics';

/** Squared coefficients of variation of the times between arrivals and of the service times; 1 is exponential. */
export interface Spread {
  readonly arrivals: number;
  readonly service: number;
}

/** The steady formulae give no finite wait at 1 and slow build-up near it; from here on the fluid backlog tells the story. */
export const STEADY_LIMIT = 0.98;

/** The chance that a request has to wait, for `offered` = arrival rate × service time, below `servers`. */
export function erlangC(servers: number, offered: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
  const utilisation = offered / servers;
  return blocked / (1 - utilisation * (1 - blocked));
}

/** Waiting in the steady state: P(wait > t) = `chance` × e^(−t ÷ `meanSeconds`). */
export interface SteadyWait {
  readonly chance: number;
  /** Mean wait of those who wait at all. */
  readonly meanSeconds: number;
}

export function steadyWait(utilisation: number, servers: number, serviceSeconds: number, spread: Spread): SteadyWait {
  const rho = Math.min(Math.max(utilisation, 0), STEADY_LIMIT);
  const meanSeconds = (serviceSeconds / (servers * (1 - rho))) * ((spread.arrivals + spread.service) / 2);
  return { chance: erlangC(servers, servers * rho), meanSeconds };
}

/** The wait that a share `p` of the requests does not exceed. */
export function waitQuantile(wait: SteadyWait, p: number): number {
  return p <= 1 - wait.chance ? 0 : Math.log(wait.chance / (1 - p)) * wait.meanSeconds;
}

/** What went through one queue in a while, in requests. */
export interface Flow {
  served: number;
  timedOut: number;
  backlog: number;
}

/**
 * A fluid queue over `seconds`: `arriving` a second come, at most `capacity` a second leave, and nobody waits longer than
 * `timeoutSeconds`, so that at most capacity × time-out requests are in it and the rest are turned away as they come. Exact.
 * Writes into `flow`, whose `backlog` is where it starts from: this runs for every task at every step.
 */
export function flowThrough(
  flow: Flow,
  arriving: number,
  capacity: number,
  timeoutSeconds: number,
  seconds: number,
): void {
  const before = flow.backlog;
  const unbounded = before + (arriving - capacity) * seconds;
  const room = timeoutSeconds === Number.POSITIVE_INFINITY ? timeoutSeconds : capacity * timeoutSeconds;
  const backlog = Math.max(0, Math.min(unbounded, Math.max(before, room)));
  flow.timedOut = Math.max(0, unbounded - backlog);
  flow.backlog = backlog;
  flow.served = arriving * seconds + before - backlog - flow.timedOut;
}

/** What the requests of a period went through. */
export interface ResponseMix {
  readonly utilisation: number;
  /** Share of the requests that found a fluid backlog, and the waits they met. */
  readonly backloggedShare: number;
  readonly leastWaitSeconds: number;
  readonly mostWaitSeconds: number;
}

const POINTS = 100;

/** 100 response times in seconds, ascending, spread as those of the period: service time plus wait, drawn without chance. */
export function responseTimes(mix: ResponseMix, servers: number, serviceSeconds: number, spread: Spread): number[] {
  const wait = steadyWait(mix.utilisation, servers, serviceSeconds, spread);
  const sigma = Math.sqrt(Math.log(1 + spread.service));
  const backlogged = Math.round(mix.backloggedShare * POINTS);
  const times = [];
  for (let i = 0; i < POINTS; i++) {
    // Points that fill the square of (service time, wait) evenly: independent of each other, and the same each time.
    const normal = NORMAL_POINTS[(i * 37) % POINTS] ?? 0;
    const service = serviceSeconds * Math.exp(sigma * normal - (sigma * sigma) / 2);
    const p = (i + 0.5) / (POINTS - backlogged);
    const share = i < POINTS - backlogged ? 0 : (i - (POINTS - backlogged) + 0.5) / backlogged;
    const queued =
      share === 0 ? waitQuantile(wait, p) : mix.leastWaitSeconds + share * (mix.mostWaitSeconds - mix.leastWaitSeconds);
    times.push(service + queued);
  }
  return times.sort((a, b) => a - b);
}

const NORMAL_POINTS = Array.from({ length: POINTS }, (_, i) => probit((i + 0.5) / POINTS));
