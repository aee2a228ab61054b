import { memoryOtherScalings, memoryTakeovers } from '../../lib/loop/memory-other-scaling.ts';
import { CHECKOUT, GIVEN, otherScalingContract } from '../contracts/other-scaling.ts';

otherScalingContract('in memory', async () => {
  const scalings = memoryOtherScalings();
  scalings.put(CHECKOUT, GIVEN);
  return { scalings, takeovers: memoryTakeovers(), close: async () => undefined };
});
