/** What the ECS scheduler does next: how many tasks it launches and stops. Pure. Rolling deployments at 100 % to 200 % of desired. */

/** Tasks of one side of a deployment. `slots`: all that ECS counts towards desired, those about to be retried too. */
export interface Standing {
  readonly slots: number;
  readonly inService: number;
}

export interface Moves {
  readonly launch: number;
  readonly retirePrimary: number;
  readonly retireOlder: number;
}

const MAXIMUM_PERCENT = 200;

/** `want` is the desired count and what zone rebalancing holds above it. `room`: how many more tasks can be placed. */
export function nextMoves(want: number, primary: Standing, older: Standing, room: number): Moves {
  const ceiling = older.slots === 0 ? want : Math.floor((want * MAXIMUM_PERCENT) / 100);
  const launch = Math.min(want - primary.slots, ceiling - primary.slots - older.slots, room);
  const healthyAboveWant = primary.inService + older.inService - want;
  return {
    launch: Math.max(0, launch),
    retirePrimary: Math.max(0, primary.slots - want),
    // Old tasks that do not serve are no loss; of those that serve, as many as keep 100 % of desired healthy.
    retireOlder: older.slots - older.inService + Math.max(0, Math.min(older.inService, healthyAboveWant)),
  };
}
