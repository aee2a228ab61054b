/** Can a service give a task back without losing work, and can its deployments proceed? A sentence for each thing that speaks against it. */
import { durationWords } from '../duration.ts';

export interface DrainFacts {
  /** Seconds from SIGTERM to SIGKILL, the shortest of the essential containers. */
  readonly stopTimeoutSeconds: number;
  /** Seconds that each target group lets requests end after a task is taken out of it; empty: it has no balancer. */
  readonly deregistrationSeconds: readonly number[];
  /** Some essential container has a health check of its own. */
  readonly hasContainerCheck: boolean;
  /** Seconds until its target groups find a task unhealthy; empty: it has no balancer. */
  readonly unhealthyAfterSeconds: readonly number[];
  /** Longest time that its policy says a message takes; absent: it pulls none. */
  readonly secondsPerMessage?: number;
  readonly isFargate: boolean;
}

/** Of Fargate; on instances there is none. */
const LONGEST_STOP_SECONDS = 120;

export function drainWarnings(facts: DrainFacts): readonly string[] {
  const { stopTimeoutSeconds: stop, deregistrationSeconds, unhealthyAfterSeconds, secondsPerMessage } = facts;
  const warnings: string[] = [];
  if (deregistrationSeconds.some((seconds) => seconds === 0)) {
    warnings.push('Its deregistration delay is 0 s, so a task that is stopped drops its requests: set 30 s or more.');
  }
  if (secondsPerMessage !== undefined && secondsPerMessage > stop) {
    const ask =
      facts.isFargate && secondsPerMessage > LONGEST_STOP_SECONDS
        ? `Fargate waits at most ${LONGEST_STOP_SECONDS} s: protect tasks that work, or make messages shorter`
        : `set stopTimeout to ${Math.ceil(secondsPerMessage)} s or more`;
    warnings.push(
      `A message takes ${durationWords(secondsPerMessage)}, and stopTimeout kills a task after ${stop} s, so a scale-in loses work: ${ask}.`,
    );
  }
  if (stop < 2)
    warnings.push(`Its stopTimeout is ${stop} s, so a task is killed before it can end its work: set 30 s.`);
  const drains = Math.max(0, ...deregistrationSeconds);
  const slowest = Math.max(0, ...unhealthyAfterSeconds);
  if (drains > 0 && slowest > drains + stop) {
    warnings.push(
      `Its target group finds a task unhealthy after ${durationWords(slowest)}, longer than a task takes to stop (${durationWords(drains + stop)}): check more often, or a dead task serves errors for so long.`,
    );
  }
  if (deregistrationSeconds.length === 0 && !facts.hasContainerCheck) {
    warnings.push(
      'It has neither a load balancer nor a container health check, so a task counts as in service as soon as it runs: add a health check.',
    );
  }
  return warnings;
}

export interface RollingFacts {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
}

/** At so many tasks a rolling deployment can neither start one (rounded down) nor stop one (rounded up). */
export function isDeadlocked(tasks: number, { minimumHealthyPercent, maximumPercent }: RollingFacts): boolean {
  const most = Math.floor((tasks * maximumPercent) / 100);
  const least = Math.ceil((tasks * minimumHealthyPercent) / 100);
  return tasks > 0 && most <= tasks && least >= tasks;
}

/** Counts within the capacity at which the next deployment would never end. */
export function deadlockWarnings(
  { min, max }: { readonly min: number; readonly max: number },
  rolling: RollingFacts,
): readonly string[] {
  const stuck: number[] = [];
  for (let tasks = Math.max(1, min); tasks <= max; tasks++) if (isDeadlocked(tasks, rolling)) stuck.push(tasks);
  const first = stuck[0];
  if (first === undefined) return [];
  const last = stuck[stuck.length - 1] ?? first;
  const at = first === last ? `${first} ${first === 1 ? 'task' : 'tasks'}` : `${first} to ${last} tasks`;
  const { minimumHealthyPercent, maximumPercent } = rolling;
  const enough = 100 + Math.ceil(100 / first);
  return [
    `At ${at} a deployment can neither start nor stop one (minimumHealthyPercent ${minimumHealthyPercent}, maximumPercent ${maximumPercent}): set maximumPercent to ${enough} or more.`,
  ];
}
