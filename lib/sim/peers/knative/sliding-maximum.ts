/** The largest value of the last few slots of time. */

export interface SlidingMaximum {
  readonly slots: number;
  /** Slots increase, values decrease: only what can still become the maximum is kept. */
  readonly entries: readonly { readonly slot: number; readonly value: number }[];
}

export function slidingMaximum(slots: number): SlidingMaximum {
  return { slots, entries: [] };
}

/** A value leaves when its slot is as many slots back as there are slots. */
export function withValue({ slots, entries }: SlidingMaximum, slot: number, value: number): SlidingMaximum {
  const alive = entries.filter((entry) => slot - entry.slot < slots && entry.value > value);
  return { slots, entries: [...alive, { slot, value }] };
}

export function maximum({ entries }: SlidingMaximum): number {
  return entries[0]?.value ?? 0;
}
