/** Who scales checkout: taken over and given back, interrupted at every step. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { giveBack, type Handover, type HandoverOptions, takeOver } from '../../../lib/cli/operator/takeover.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import { memoryHeadroom } from '../../../lib/loop/memory-headroom.ts';
import { memoryOtherScalings, memoryTakeovers } from '../../../lib/loop/memory-other-scaling.ts';
import { memoryServices } from '../../../lib/loop/memory-services.ts';
import type { OtherScaling, SuspendedState } from '../../../lib/policy/headroom/other-scaling.ts';
import { ACCOUNT } from '../../loop/shard.ts';
import { schmitt } from '../schmitt.ts';

const CHECKOUT = { cluster: 'prod', service: 'checkout' };
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
const AWAKE: SuspendedState = { dynamicIn: false, dynamicOut: false, scheduled: false };
const SCALED: OtherScaling = {
  ...{ min: 2, max: 20, suspended: AWAKE },
  policies: [{ name: 'cpu-70', canScaleIn: true }],
  schedules: [{ name: 'night', setsMax: true }],
};
const live = () => new AbortController().signal;

let scalings: ReturnType<typeof memoryOtherScalings>;
let handover: Handover;
let said: string[];
/** The step of the next handover that ends in a fault: calls that write, counted from 1. */
let failsAt: number;

beforeEach(async () => {
  said = [];
  failsAt = Number.POSITIVE_INFINITY;
  scalings = memoryOtherScalings();
  scalings.put(CHECKOUT, SCALED);
  const services = memoryServices(ACCOUNT);
  services.put(CHECKOUT, { desired: 4, running: 4 });
  services.put({ cluster: 'prod', service: 'cart' }, { desired: 1, running: 1 });
  const [takeovers, headroom] = [memoryTakeovers(), memoryHeadroom()];
  const found = { counted: 4, needs: {}, scaledBy: ['policy cpu-70'], warnings: [], unknown: [] };
  await headroom.save('1', { checkedAt: 1_000, pools: {}, services: { 'prod/checkout': found } }, 0, live());
  let writes = 0;
  const counted = <T extends unknown[], R>(write: (...args: T) => Promise<R>) => {
    return async (...args: T): Promise<R> => {
      writes += 1;
      if (writes === failsAt) throw new Error('the connection broke');
      return write(...args);
    };
  };
  handover = {
    ...{ clock: manualClock(Date.UTC(2026, 10, 18, 12)), abort: live(), services },
    scalings: { ...scalings, suspend: counted(scalings.suspend) },
    takeovers: { ...takeovers, save: counted(takeovers.save) },
    headroom: { load: headroom.load, save: counted(headroom.save) },
  };
});

const options = (more: Partial<HandoverOptions> = {}): HandoverOptions => ({
  ...{ owner: 'ada', dryRun: false, shards: ['0', '1'], say: (line) => said.push(line), confirm: async () => true },
  ...more,
});
const take = (how: 'all' | 'backstop' = 'all', more = {}) => takeOver(handover, 'prod/checkout', how, options(more));
const release = (more = {}) => giveBack(handover, 'prod/checkout', options(more));
const suspended = async () => (await scalings.read([CHECKOUT], live()))[0]?.suspended;
const record = async () => (await handover.takeovers.load(ARN, live())).takeover;
const believed = async () => {
  const known = await handover.headroom.load('1', live());
  return known.kind === 'found' ? known.findings.services['prod/checkout']?.scaledBy : undefined;
};

describe('schmitt takeover', () => {
  test('says what it found and what it will do, then does it, and the tick knows at once', async () => {
    await take();
    expect(said).toEqual([
      'prod/checkout is registered with Application Auto Scaling from 2 to 20 tasks, policies cpu-70, scheduled actions night; policy cpu-70, scheduled action night may scale in; nothing suspended.',
      'To do:\n  1. record in the table how to give it back: nothing suspended\n  2. have scaling in, scaling out, scheduled actions suspended; bounds, policies and alarms stay as they are',
      'Done: prod/checkout has scaling in, scaling out, scheduled actions suspended; schmitt release prod/checkout gives it back.',
    ]);
    expect(await suspended()).toEqual({ dynamicIn: true, dynamicOut: true, scheduled: true });
    expect(await record()).toEqual({ how: 'all', before: AWAKE, owner: 'ada', at: Date.UTC(2026, 10, 18, 12) });
    expect(await believed()).toEqual([]);
  });

  test('done twice is done once', async () => {
    await take();
    said = [];
    await take();
    expect(said.at(-1)).toMatch(
      /^Nothing to do: prod\/checkout has scaling in, scaling out, scheduled actions suspended/,
    );
    expect((await record())?.before).toEqual(AWAKE);
  });

  test('--backstop leaves scaling out, and can follow or be followed by the whole', async () => {
    await take('backstop');
    expect(await suspended()).toEqual({ dynamicIn: true, dynamicOut: false, scheduled: true });
    await take('all');
    expect(await suspended()).toEqual({ dynamicIn: true, dynamicOut: true, scheduled: true });
    await take('backstop');
    expect(await suspended()).toEqual({ dynamicIn: true, dynamicOut: false, scheduled: true });
    await release();
    expect(await suspended()).toEqual(AWAKE);
  });

  test('--dry-run, or a no, does nothing', async () => {
    await take('all', { dryRun: true });
    expect(said.at(-1)).toBe('Nothing was done (--dry-run).');
    await take('all', { confirm: async () => false });
    expect(said.at(-1)).toBe('Nothing was done to prod/checkout.');
    expect([await suspended(), await record(), await believed()]).toEqual([AWAKE, undefined, ['policy cpu-70']]);
  });

  test('of a service that nobody else scales there is nothing to take', async () => {
    await takeOver(handover, 'prod/cart', 'all', options());
    expect(said).toEqual(['prod/cart is not registered with Application Auto Scaling: there is nothing to take over.']);
  });

  test('of a service that ECS does not know is refused', async () => {
    await expect(takeOver(handover, 'prod/chekout', 'all', options())).rejects.toThrow(/^SERVICE prod\/chekout: /);
    await expect(takeOver(handover, 'checkout', 'all', options())).rejects.toThrow(/write cluster\/service/);
  });

  test('while a check writes what it saw before, the tick is told all the same', async () => {
    const { headroom } = handover;
    let loads = 0;
    const load: typeof headroom.load = async (shard, abort) => {
      const known = await headroom.load(shard, abort);
      if (shard === '1' && loads++ === 0 && known.kind === 'found')
        await headroom.save(shard, known.findings, known.rev, abort);
      return known;
    };
    handover = { ...handover, headroom: { load, save: headroom.save } };
    await take();
    expect(await believed()).toEqual([]);
  });

  test('by two people at once: the second is told so', async () => {
    const confirm = async () => {
      await handover.takeovers.save(ARN, { how: 'all', before: AWAKE, owner: 'bob', at: 1 }, 0, live());
      return true;
    };
    await expect(take('all', { confirm })).rejects.toThrow(/^Somebody else is handing prod\/checkout over/);
    expect(await suspended()).toEqual(AWAKE);
  });
});

describe('schmitt release', () => {
  const odd: SuspendedState = { dynamicIn: false, dynamicOut: true, scheduled: false };

  test('restores exactly what was recorded, and removes the record', async () => {
    scalings.put(CHECKOUT, { ...SCALED, suspended: odd });
    await take();
    said = [];
    await release();
    expect(said).toEqual([
      'prod/checkout was taken over by ada at 2026-11-18T12:00:00.000Z; before, it had scaling out suspended.',
      'To do:\n  1. have scaling out suspended, as recorded\n  2. remove the record',
      'Done: prod/checkout has scaling out suspended. Schmitt acts on it no more while something of that may scale in.',
    ]);
    expect([await suspended(), await record()]).toEqual([odd, undefined]);
    expect(await believed()).toEqual(['policy cpu-70', 'scheduled action night']);
  });

  test('done twice is done once', async () => {
    await take();
    await release();
    await release();
    expect(said.at(-1)).toBe('prod/checkout is not taken over: there is nothing to give back.');
  });

  test('also where it was taken out of Application Auto Scaling meanwhile', async () => {
    await take();
    scalings.put(CHECKOUT, undefined);
    await release();
    expect(said.at(-1)).toMatch(/registered with Application Auto Scaling no more, and the record is gone\.$/);
    expect(await record()).toBeUndefined();
  });
});

describe('interrupted', () => {
  test.each([1, 2, 3])('at write %i, a takeover is finished or given back by the next command', async (write) => {
    failsAt = write;
    await expect(take()).rejects.toThrow('the connection broke');
    await take();
    expect([await suspended(), await believed()]).toEqual([{ dynamicIn: true, dynamicOut: true, scheduled: true }, []]);
    await release();
    expect([await suspended(), await record()]).toEqual([AWAKE, undefined]);
  });

  test.each([2, 3])('at write %i, a takeover can be given back as it was', async (write) => {
    failsAt = write;
    await expect(take()).rejects.toThrow('the connection broke');
    await release();
    expect([await suspended(), await record()]).toEqual([AWAKE, undefined]);
  });

  test.each([4, 5, 6])('at write %i, a release loses nothing of what was recorded', async (write) => {
    await take();
    failsAt = write;
    await expect(release()).rejects.toThrow('the connection broke');
    await release();
    expect([await suspended(), await record()]).toEqual([AWAKE, undefined]);
  });
});

describe('on the command line', () => {
  test.each([
    [['takeover', 'prod/checkout'], 'No table is named; '],
    [['takeover', 'prod/checkout', '--table', 't', '--shards', 'many'], "--shards is 'many'; "],
    [['takeover', 'checkout', '--table', 't'], "SERVICE is 'checkout'; "],
    [['release', 'prod/checkout', 'now', '--table', 't'], 'too many arguments'],
    [['takeover'], "missing required argument 'service'"],
  ])('%j exits with 2 and a sentence', async (args, sentence) => {
    const ended = await schmitt(args, '', { SCHMITT_TABLE: '', AWS_REGION: 'eu-west-1' });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(sentence);
  });
});
