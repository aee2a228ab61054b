import { expect, test } from '@jest/globals';
import {
  type OtherScaling,
  type SuspendedState,
  scalesIn,
  suspendedFor,
  suspensionWords,
} from '../../../lib/policy/headroom/other-scaling.ts';

const AWAKE: SuspendedState = { dynamicIn: false, dynamicOut: false, scheduled: false };
const other: OtherScaling = {
  ...{ min: 2, max: 20, suspended: AWAKE },
  policies: [
    { name: 'cpu-70', canScaleIn: true },
    { name: 'backstop', canScaleIn: false },
  ],
  schedules: [
    { name: 'night', setsMax: true },
    { name: 'morning', setsMax: false },
  ],
};

test('policies and scheduled actions that may scale in are named, those that rest are not', () => {
  expect(scalesIn(other)).toEqual(['policy cpu-70', 'scheduled action night']);
  expect(scalesIn({ ...other, suspended: { ...AWAKE, dynamicIn: true } })).toEqual(['scheduled action night']);
  expect(scalesIn({ ...other, suspended: { ...AWAKE, scheduled: true } })).toEqual(['policy cpu-70']);
  expect(scalesIn({ ...other, suspended: { ...AWAKE, dynamicOut: true } })).toHaveLength(2);
});

test('taken over nothing of it acts; as a backstop it only scales out, as far as it did before', () => {
  const everything = suspendedFor('all', AWAKE, other);
  expect(suspensionWords(everything)).toBe('scaling in, scaling out, scheduled actions suspended');
  const backstop = suspendedFor('backstop', AWAKE, other);
  expect(suspensionWords(backstop)).toBe('scaling in, scheduled actions suspended');
  expect(scalesIn({ ...other, suspended: backstop })).toEqual([]);
  expect(suspensionWords(suspendedFor('backstop', AWAKE, { schedules: [] }))).toBe('scaling in suspended');
  expect(suspendedFor('backstop', { ...AWAKE, dynamicOut: true }, other).dynamicOut).toBe(true);
  expect(suspensionWords(AWAKE)).toBe('nothing suspended');
});
