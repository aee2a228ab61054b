/** What every port to ECS services promises of its closer looks: which targets serve, and why tasks stopped. */
import { describe, expect, test } from '@jest/globals';
import type { Services } from '../../lib/loop/ports.ts';
import type { EpochMs, ServiceName } from '../../lib/policy/policy.ts';

export interface GivenLook extends ServiceName {
  readonly healthy: number;
  readonly unhealthy: number;
  /** Waiting for their first check. */
  readonly initial: number;
  /** Tasks that stopped: when, and the reason that ECS gives. */
  readonly stopped: readonly (readonly [at: EpochMs, reason: string])[];
}

export interface LookWorld {
  readonly services: Required<Services>;
  /** As `describe` names it. */
  targetGroupOf(name: ServiceName): string;
  close(): Promise<void>;
}

export const NOON = Date.UTC(2026, 2, 2, 12);
export const FAILED_CHECK = 'Health checks failed with these codes: [502]';
const live = (): AbortSignal => new AbortController().signal;

const CHECKOUT: GivenLook = {
  ...{ cluster: 'prod', service: 'checkout', healthy: 3, unhealthy: 2, initial: 1 },
  stopped: [
    [NOON - 60_000, 'Essential container in task exited'],
    [NOON - 120_000, 'CannotPullContainerError: not found'],
  ],
};
const BILLING: GivenLook = { ...CHECKOUT, service: 'billing', healthy: 5, unhealthy: 0, initial: 0, stopped: [] };

export function closerLookContract(name: string, create: (given: readonly GivenLook[]) => Promise<LookWorld>): void {
  const story = (title: string, tell: (world: LookWorld) => Promise<void>) =>
    test(title, async () => {
      const world = await create([CHECKOUT, BILLING]);
      try {
        await tell(world);
      } finally {
        await world.close();
      }
    });

  describe(`a closer look: ${name}`, () => {
    story('who serves and who fails, by which check, in the order asked', async ({ services, targetGroupOf }) => {
      const [checkout, billing] = [CHECKOUT, BILLING].map((one) => [targetGroupOf(one)]);
      expect(await services.health([billing ?? [], checkout ?? []], live())).toEqual([
        { kind: 'known', inService: 5, unhealthy: 0 },
        { kind: 'known', inService: 3, unhealthy: 2, because: FAILED_CHECK },
      ]);
    });

    story('of a target group that is not there nothing is known, of the others all', async (world) => {
      const gone = `${world.targetGroupOf(CHECKOUT)}0`;
      const found = await world.services.health([[gone], [world.targetGroupOf(BILLING)]], live());
      expect(found).toEqual([
        { kind: 'unknown', cause: expect.stringMatching(/^TargetGroupNotFoundException: Target groups .* not found$/) },
        { kind: 'known', inService: 5, unhealthy: 0 },
      ]);
    });

    story('why tasks stopped, in the order asked; nothing where none did', async ({ services }) => {
      const tasks = CHECKOUT.stopped.map(([at, says]) => ({ at, says }));
      expect(await services.stopped([BILLING, CHECKOUT], live())).toEqual([
        { kind: 'known', tasks: [] },
        { kind: 'known', tasks },
      ]);
    });

    story('a service that is not there says so, and the others are served', async ({ services }) => {
      const [unknown, billing] = await services.stopped([{ ...CHECKOUT, service: 'unknown' }, BILLING], live());
      expect(unknown).toEqual({ kind: 'unknown', cause: 'ServiceNotFoundException: Service not found.' });
      expect(billing).toEqual({ kind: 'known', tasks: [] });
    });

    story('nothing is asked after an abort', async ({ services, targetGroupOf }) => {
      const gone = AbortSignal.abort(new Error('the time is over'));
      await expect(services.health([[targetGroupOf(CHECKOUT)]], gone)).rejects.toThrow('the time is over');
      await expect(services.stopped([CHECKOUT], gone)).rejects.toThrow('the time is over');
    });
  });
}
