/** What every store of findings promises. */
import { describe, expect } from '@jest/globals';
import type { HeadroomStore } from '../../lib/loop/headroom.ts';
import type { Findings } from '../../lib/policy/headroom/findings.ts';
import { storiesOf } from './stories.ts';

export interface HeadroomWorld {
  readonly headroom: HeadroomStore;
  /** Lays text of the format in force there, whatever it says. */
  put(shard: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const live = () => new AbortController().signal;

export function findingsOf(checkedAt: number): Findings {
  return {
    checkedAt,
    pools: { 'fargate:vcpu': { kind: 'fargateVcpu', name: '', free: 12.5, limit: 100 } },
    services: {
      'prod/checkout': {
        ...{ counted: 4, needs: { 'fargate:vcpu': 0.5 }, atOnce: 500, scaledBy: ['policy cpu-70'] },
        ...{ warnings: ['Its stopTimeout is 0 s.'], unknown: ['subnets: AccessDenied'] },
      },
    },
  };
}

export function headroomContract(name: string, create: () => Promise<HeadroomWorld>): void {
  const story = storiesOf(create);

  describe(`headroom: ${name}`, () => {
    story('keeps what was found, a shard apart from another', async ({ headroom }) => {
      expect(await headroom.load('0', live())).toEqual({ kind: 'absent', rev: 0 });
      expect(await headroom.save('0', findingsOf(1_000), 0, live())).toEqual({ kind: 'saved', rev: 1 });
      expect(await headroom.load('0', live())).toEqual({ kind: 'found', findings: findingsOf(1_000), rev: 1 });
      expect(await headroom.load('1', live())).toEqual({ kind: 'absent', rev: 0 });
    });

    story('keeps what was found of two thousand services', async ({ headroom }) => {
      const [finding] = Object.values(findingsOf(1_000).services);
      if (finding === undefined) throw new Error('there is nothing to keep');
      const sentence =
        'Its deregistration delay is 0 s, so a task that is stopped drops its requests: set 30 s or more.';
      const many = Array.from({ length: 2_000 }, (_, i) => [`prod/service-${i}`, { ...finding, warnings: [sentence] }]);
      const findings: Findings = { ...findingsOf(1_000), services: Object.fromEntries(many) };
      expect(await headroom.save('0', findings, 0, live())).toEqual({ kind: 'saved', rev: 1 });
      expect(await headroom.load('0', live())).toEqual({ kind: 'found', findings, rev: 1 });
    });

    story('is written over what was read, and over nothing else', async ({ headroom }) => {
      await headroom.save('0', findingsOf(1_000), 0, live());
      expect(await headroom.save('0', findingsOf(2_000), 0, live())).toEqual({ kind: 'stale' });
      expect(await headroom.save('0', findingsOf(3_000), 1, live())).toEqual({ kind: 'saved', rev: 2 });
      expect(await headroom.save('0', findingsOf(2_000), 1, live())).toEqual({ kind: 'stale' });
      expect(await headroom.load('0', live())).toMatchObject({ findings: { checkedAt: 3_000 }, rev: 2 });
    });

    story('says what it cannot read, and writes over it', async ({ headroom, put }) => {
      await put('0', '{"checkedAt":1000,"pools":{},"services":{"prod/checkout":{"counted":"many"}}}');
      const found = await headroom.load('0', live());
      expect(found).toMatchObject({
        kind: 'unreadable',
        cause: 'of what was found services.prod/checkout.counted is "many", not a number',
      });
      expect(await headroom.save('0', findingsOf(2_000), found.rev, live())).toMatchObject({ kind: 'saved' });
      expect(await headroom.load('0', live())).toMatchObject({ kind: 'found' });
    });

    story('does nothing when it is too late', async ({ headroom }) => {
      const over = AbortSignal.abort(new Error('the time is over'));
      await expect(headroom.save('0', findingsOf(1_000), 0, over)).rejects.toThrow('the time is over');
      await expect(headroom.load('0', over)).rejects.toThrow('the time is over');
      expect(await headroom.load('0', live())).toEqual({ kind: 'absent', rev: 0 });
    });
  });
}
