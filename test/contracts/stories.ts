/** Stories of a contract that every version of a port keeps: each is told of a world of its own, closed when it ends. */
import { test } from '@jest/globals';

export type Tell<World> = (title: string, tell: (world: World) => Promise<void>) => void;

export function storiesOf<World extends { close(): Promise<void> }>(create: () => Promise<World>): Tell<World> {
  return (title, tell) =>
    test(title, async () => {
      const world = await create();
      try {
        await tell(world);
      } finally {
        await world.close();
      }
    });
}
