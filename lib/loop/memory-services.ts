/** Services that a test or a simulation lays down, and whose answers it may script. */
import type { ServiceName } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import { type Account, arnOf } from './account.ts';
import type {
  DescribedService,
  ServiceDescription,
  Services,
  SetOutcome,
  StoppedTasks,
  TargetHealth,
} from './ports.ts';

export interface MemoryServices extends Required<Services> {
  /** Lays a service down, or changes what is given of one that is there. Absent facts: ACTIVE, REPLICA, no tasks. */
  put(name: ServiceName, facts?: Partial<Omit<DescribedService, 'kind'>>): void;
  /** From now on `describe` says this of it; `put` ends it. */
  hide(name: ServiceName, description: Exclude<ServiceDescription, DescribedService>): void;
  /** From now on this is the health of the target group. */
  heal(targetGroup: string, health: TargetHealth): void;
  /** From now on these are the tasks of the service that stopped. */
  stop(name: ServiceName, stopped: StoppedTasks): void;
  /** The next change of this service is answered so. `applied`: the count changes all the same, as when an answer is lost. */
  answerNext(name: ServiceName, outcome: SetOutcome, applied?: boolean): void;
  /** What ECS really has, whatever its answers say; NaN where there is no such service. */
  desiredOf(name: ServiceName): number;
  /** Every change that was sent, also those that were refused. */
  readonly sent: readonly (ServiceName & { readonly desiredCount: number })[];
}

interface Scripted {
  readonly outcome: SetOutcome;
  readonly applied: boolean;
}

const ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

export function memoryServices(account: Account = ACCOUNT): MemoryServices {
  const services = new Map<string, ServiceDescription>();
  const scripts = new Map<string, Scripted[]>();
  const healths = new Map<string, TargetHealth>();
  const stops = new Map<string, StoppedTasks>();
  const sent: (ServiceName & { readonly desiredCount: number })[] = [];

  const isCluster = (cluster: string): boolean => [...services.keys()].some((key) => key.startsWith(`${cluster}/`));

  return {
    sent,
    put(name, facts = {}) {
      const before = services.get(nameText(name));
      services.set(nameText(name), { ...(before?.kind === 'found' ? before : fresh(account, name)), ...facts });
    },
    hide: (name, description) => void services.set(nameText(name), description),
    answerNext(name, outcome, applied = outcome.kind === 'accepted') {
      scripts.set(nameText(name), [...(scripts.get(nameText(name)) ?? []), { outcome, applied }]);
    },
    desiredOf(name) {
      const found = services.get(nameText(name));
      return found?.kind === 'found' ? found.desired : Number.NaN;
    },
    async describe(names, abort) {
      abort.throwIfAborted();
      return names.map((name) => structuredClone(services.get(nameText(name)) ?? missing(name)));
    },
    heal: (targetGroup, health) => void healths.set(targetGroup, health),
    async health(targetGroups, abort) {
      abort.throwIfAborted();
      return targetGroups.map(([group = '']) => healths.get(group) ?? notFound(group));
    },
    stop: (name, stopped) => void stops.set(nameText(name), stopped),
    async stopped(names, abort) {
      abort.throwIfAborted();
      return names.map((name) => structuredClone(stops.get(nameText(name)) ?? nothingOf(services.get(nameText(name)))));
    },
    async setDesiredCount(name, desiredCount, abort) {
      if (abort.aborted) return notSent();
      sent.push({ cluster: name.cluster, service: name.service, desiredCount });
      const found = services.get(nameText(name));
      const script = scripts.get(nameText(name))?.shift();
      const outcome = script?.outcome ?? answerTo(found, desiredCount, isCluster(name.cluster));
      if (found?.kind === 'found' && (script?.applied ?? outcome.kind === 'accepted')) {
        services.set(nameText(name), { ...found, desired: desiredCount });
      }
      return outcome;
    },
  };
}

/** What ECS says to a change, where no script speaks for it. */
function answerTo(found: ServiceDescription | undefined, desiredCount: number, isCluster: boolean): SetOutcome {
  if (!isCluster) return refused('ClusterNotFoundException', 'Cluster not found.');
  if (found?.kind !== 'found') return refused('ServiceNotFoundException', 'Service not found.');
  if (found.status !== 'ACTIVE') return refused('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (found.schedulingStrategy === 'DAEMON') {
    return refused('InvalidParameterException', 'The daemon scheduling strategy does not support a desired count.');
  }
  if (!Number.isInteger(desiredCount) || desiredCount < 0) {
    return refused('InvalidParameterException', 'desiredCount must not be negative.');
  }
  return { kind: 'accepted' };
}

function fresh(account: Account, name: ServiceName): DescribedService {
  return {
    kind: 'found',
    arn: arnOf(account, name),
    status: 'ACTIVE',
    schedulingStrategy: 'REPLICA',
    desired: 0,
    running: 0,
    pending: 0,
    deploying: false,
  };
}

function missing(name: ServiceName): ServiceDescription {
  return { kind: 'missing', cause: `ECS knows no service ${nameText(name)}` };
}

function notFound(group: string): TargetHealth {
  return { kind: 'unknown', cause: `TargetGroupNotFoundException: Target groups '${group}' not found` };
}

function nothingOf(found: ServiceDescription | undefined): StoppedTasks {
  if (found?.kind === 'found') return { kind: 'known', tasks: [] };
  return { kind: 'unknown', cause: 'ServiceNotFoundException: Service not found.' };
}

function refused(error: string, message: string): SetOutcome {
  return { kind: 'refused', error, message };
}

function notSent(): SetOutcome {
  return { kind: 'retryable', error: 'AbortError', message: 'The tick was ending; nothing was sent.', unknown: false };
}
