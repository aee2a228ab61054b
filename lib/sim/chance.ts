/** Seeded chance. One stream for each purpose, so that a run that launches more tasks still sees the same noise. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [0, 1). What d3-random calls a source. */
export type Uniform = () => number;

/** An independent stream for a purpose: same seed and purpose, same numbers. */
export function stream(seed: number, purpose: string): Uniform {
  let mixed = mix(seed | 0, Math.floor(seed / 2 ** 32) | 0);
  for (let i = 0; i < purpose.length; i++) mixed = mix(mixed, purpose.charCodeAt(i));
  const generator = xoroshiro128plus(mixed);
  // The first outputs of neighbouring seeds resemble each other.
  for (let i = 0; i < 16; i++) generator.next();
  return () => uniformFloat64(generator);
}

/** Uniform in [0, 1) for one index of a stream, without drawing the ones before it. */
export function uniformAt(seed: number, index: number): number {
  return (mix(mix(seed | 0, index | 0), 0x9e3779b9) >>> 0) / 2 ** 32;
}

/** The 32-bit finalizer of MurmurHash3 over two words. */
function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x85ebca6b, 0xcc9e2d51) ^ Math.imul(b + 0x165667b1, 0x1b873593);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
