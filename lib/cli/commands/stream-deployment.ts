/** `service.deployment` on a line of the stream: a phase, or what else is known of it. */
import type { Deployment, ServiceObservation } from '../../policy/observation.ts';
import { bad, type Fields, fieldsOf, own, textOf } from './stream-fields.ts';

const NAME = 'service.deployment';
const CONTROLLERS = ['ECS', 'CODE_DEPLOY'] as const satisfies readonly Deployment['controller'][];
const STRATEGIES = ['rolling', 'blueGreen', 'linear', 'canary'] as const satisfies readonly Deployment['strategy'][];
const PHASES = ['shifting', 'baking', 'terminating'] as const satisfies readonly Deployment['phase'][];

type Deploying = Pick<ServiceObservation, 'deploying' | 'deployment'>;

/** A text that is no phase only says that something is being deployed. */
export function deploymentOf(value: unknown): Deploying {
  if (value === undefined || value === null || value === false || value === 'none') return { deploying: false };
  if (value === true) return { deploying: true };
  if (typeof value !== 'string') return detailed(fieldsOf(value, NAME, '{"phase": "shifting", "strategy": "rolling"}'));
  const phase = PHASES.find((one) => one === value);
  return phase === undefined
    ? { deploying: true }
    : { deploying: true, deployment: { controller: 'ECS', strategy: 'rolling', phase } };
}

function detailed(fields: Fields): Deploying {
  const failing = own(fields, 'failing');
  return {
    deploying: true,
    deployment: {
      controller: oneOf(CONTROLLERS, fields, 'controller', 'ECS'),
      strategy: oneOf(STRATEGIES, fields, 'strategy', 'rolling'),
      phase: oneOf(PHASES, fields, 'phase', 'shifting'),
      ...(failing === undefined ? {} : { failing: textOf(failing, `${NAME}.failing`) }),
    },
  };
}

function oneOf<T extends string>(known: readonly T[], fields: Fields, key: string, absent: T): T {
  const value = own(fields, key) ?? absent;
  const found = known.find((one) => one === value);
  if (found === undefined) throw bad(`${NAME}.${key}`, value, `write one of ${known.join(', ')}`);
  return found;
}
