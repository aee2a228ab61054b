/**
 * fast-check with one seed for all properties, so that a red run is red for everybody; jest resolves `fast-check` to this file.
 * `FC_SEED=7 npm test` explores another seed, `FC_SEED=random` a new one.
 */
import fc from '../../node_modules/fast-check/lib/fast-check.js';

const asked = process.env.FC_SEED ?? '20261120';
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export default fc;
