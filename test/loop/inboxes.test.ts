/** The in-memory inbox keeps the contract. */
import { memoryStore } from '../../lib/loop/memory-store.ts';
import { inboxesContract } from '../contracts/inboxes.ts';

inboxesContract('in memory', async () => ({ store: memoryStore(), close: async () => undefined }));
