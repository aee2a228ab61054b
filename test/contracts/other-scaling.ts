/** What everybody promises who reads and suspends other scaling, and who keeps the records of takeovers. */
import { describe, expect } from '@jest/globals';
import type { OtherScalings, Takeover, Takeovers } from '../../lib/loop/other-scaling.ts';
import type { OtherScaling, SuspendedState } from '../../lib/policy/headroom/other-scaling.ts';
import { storiesOf } from './stories.ts';

export interface OtherScalingWorld {
  readonly scalings: OtherScalings;
  readonly takeovers: Takeovers;
  close(): Promise<void>;
}

export const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const CART = { cluster: 'prod', service: 'cart' };
export const AWAKE: SuspendedState = { dynamicIn: false, dynamicOut: false, scheduled: false };

/** Before each story the world has this of `prod/checkout`, and nothing of any other service. */
export const GIVEN: OtherScaling = {
  ...{ min: 2, max: 20, suspended: { ...AWAKE, scheduled: true } },
  policies: [
    { name: 'cpu-70', canScaleIn: true },
    { name: 'backstop', canScaleIn: false },
    { name: 'steps-up', canScaleIn: false },
    { name: 'steps-down', canScaleIn: true },
    { name: 'forecast', canScaleIn: false },
  ],
  schedules: [
    { name: 'night', setsMax: true },
    { name: 'morning', setsMax: false },
  ],
};

const live = () => new AbortController().signal;
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
const record: Takeover = { how: 'backstop', before: GIVEN.suspended, owner: 'ada', at: 1_000 };

export function otherScalingContract(name: string, create: () => Promise<OtherScalingWorld>): void {
  const story = storiesOf(create);

  describe(`other scaling: ${name}`, () => {
    story('is read service by service, in the order asked', async ({ scalings }) => {
      expect(await scalings.read([CART, CHECKOUT, CART], live())).toEqual([undefined, GIVEN, undefined]);
      expect(await scalings.read([], live())).toEqual([]);
    });

    story('rests as it is told, and nothing else of it changes', async ({ scalings }) => {
      const state = { dynamicIn: true, dynamicOut: false, scheduled: false };
      expect(await scalings.suspend(CHECKOUT, state, live())).toBe('done');
      expect(await scalings.suspend(CHECKOUT, state, live())).toBe('done');
      expect(await scalings.read([CHECKOUT], live())).toEqual([{ ...GIVEN, suspended: state }]);
    });

    story('is not made where there is none', async ({ scalings }) => {
      expect(await scalings.suspend(CART, AWAKE, live())).toBe('absent');
      expect(await scalings.read([CART], live())).toEqual([undefined]);
    });

    story('is taken over on record, written over what was read alone', async ({ takeovers }) => {
      expect(await takeovers.load(ARN, live())).toEqual({ rev: 0 });
      expect(await takeovers.save(ARN, record, 0, live())).toEqual({ kind: 'saved', rev: 1 });
      expect(await takeovers.load(ARN, live())).toEqual({ rev: 1, takeover: record });
      expect(await takeovers.save(ARN, { ...record, owner: 'bob' }, 0, live())).toEqual({ kind: 'stale' });
      expect(await takeovers.load(ARN, live())).toEqual({ rev: 1, takeover: record });
    });

    story('is given back, and can be taken over again', async ({ takeovers }) => {
      await takeovers.save(ARN, record, 0, live());
      expect(await takeovers.save(ARN, undefined, 1, live())).toEqual({ kind: 'saved', rev: 2 });
      expect(await takeovers.load(ARN, live())).toEqual({ rev: 2 });
      expect(await takeovers.save(ARN, record, 2, live())).toEqual({ kind: 'saved', rev: 3 });
    });
  });
}
