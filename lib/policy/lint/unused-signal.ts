/** A signal that is read and paid for at every tick, and that nothing looks at. Those of `defaults` that a service does not use are not its. */
import { usedSignals } from '../used-signals.ts';
import type { LintRule } from './warning.ts';

export const unusedSignal: LintRule = {
  name: 'unused-signal',
  find: ({ policy }) => {
    const used = usedSignals(policy);
    return Object.keys(policy.signals)
      .filter((name) => !used.has(name))
      .map((name) => ({
        path: ['signals', name],
        sentence: `${name} is read at every tick and nothing uses it; delete it, or use it in a rule`,
      }));
  },
};
