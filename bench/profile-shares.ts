/** A CPU profile as shares of the parts of a simulated tick. */

export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly url: string; readonly functionName: string };
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export interface Shares {
  readonly decide: number;
  readonly plant: number;
  readonly bookkeeping: number;
}

/** Of the time that was spent below a function of the project, by the nearest of them; the collector's goes to the parts alike. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profile): Shares {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const rings = new Map(nodes.map(({ id, callFrame }) => [id, /\/lib\/(\w+)\//.exec(callFrame.url)?.[1]]));
  const spent = { policy: 0, sim: 0, loop: 0 };
  samples.forEach((sample, index) => {
    let at: number | undefined = sample;
    while (at !== undefined && rings.get(at) === undefined) at = parents.get(at);
    const ring = at === undefined ? undefined : rings.get(at);
    if (ring === 'policy' || ring === 'sim' || ring === 'loop') spent[ring] += timeDeltas[index] ?? 0;
  });
  const all = spent.policy + spent.sim + spent.loop;
  return { decide: spent.policy / all, plant: spent.sim / all, bookkeeping: spent.loop / all };
}
