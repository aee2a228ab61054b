// The other half of `payload.ts`: from the data block to columns of numbers.

/** @typedef {[at: number, from: number, to: number, outcome: 'changed' | 'failed', sentence: string]} Decision */
/** @typedef {{ side: 'out' | 'in' | 'target', sign: string, value: number, rule: string }} Threshold */
/** @typedef {(number | null)[]} Values */
/**
 * @typedef {object} Shown
 * @property {number[]} at epoch seconds
 * @property {Values} load
 * @property {Values} capacity
 * @property {Values} above
 * @property {Values} desired
 * @property {Values} running
 * @property {Values} inService
 * @property {Values} cpu
 * @property {{ min: number, max: number }} bounds
 * @property {Threshold[]} thresholds
 * @property {Decision[]} decisions
 * @property {number} decisionsLeftOut
 * @property {[at: number, sentence: string][]} holds
 */

/**
 * @param {string} packed
 * @returns {Promise<any>}
 */
export async function inflate(packed) {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(inflated).json();
}

/**
 * @param {string} packed
 * @returns {Promise<Shown>}
 */
export async function unpack(packed) {
  return shownOf(await inflate(packed));
}

/**
 * @param {any} payload see `payload.ts`
 * @returns {Shown}
 */
export function shownOf(payload) {
  const { at, load, above, desired, running, inService, cpu } = payload.columns;
  const inServiceValues = values(inService);
  return {
    at: /** @type {number[]} */ (values(at)),
    load: values(load),
    capacity: inServiceValues.map((tasks) => (tasks === null ? null : tasks * payload.capacityPerTask)),
    above: values(above),
    desired: values(desired),
    running: values(running),
    inService: inServiceValues,
    cpu: values(cpu),
    bounds: payload.bounds,
    thresholds: payload.thresholds,
    decisions: payload.decisions,
    decisionsLeftOut: payload.decisionsLeftOut,
    holds: payload.holds,
  };
}

/**
 * @param {{ unit: number, deltas: Values }} column
 * @returns {Values}
 */
export function values({ unit, deltas }) {
  let sum = 0;
  return deltas.map((delta) => {
    if (delta === null) return null;
    sum += delta;
    return sum * unit;
  });
}
