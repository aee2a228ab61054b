/** Packed data of a page: in blocks, each under the id by which the browser finds it. */

export type Block = readonly [id: string, packed: string];

const HALVINGS = 7;

/** The fullest blocks that have room together. `blocksOf(n)` makes them with half as much as `blocksOf(n - 1)`; the smallest stand where none fit. */
export function fittingBlocks(
  mostCharacters: number,
  blocksOf: (halved: number) => readonly Block[],
): readonly Block[] {
  let blocks: readonly Block[] = [];
  for (let halved = 0; halved <= HALVINGS; halved++) {
    blocks = blocksOf(halved);
    if (blocks.reduce((sum, [, packed]) => sum + packed.length, 0) <= mostCharacters) break;
  }
  return blocks;
}
