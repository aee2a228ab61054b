/** The in-memory ports keep the ports' promises. */
import { memoryStore } from '../../lib/loop/memory-store.ts';
import { storeContract } from '../contracts/store.ts';

storeContract('memory', async () => {
  const store = memoryStore();
  return {
    store,
    plantService: async (arn, item) => store.plantService(arn, item),
    plantRings: async (shard, item) => store.plantRings(shard, item),
    close: async () => undefined,
  };
});
