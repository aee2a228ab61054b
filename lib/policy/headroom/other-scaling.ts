/** What Application Auto Scaling may do with a service, and what is left of that when it is taken over. */

/** Of a scalable target. */
export interface SuspendedState {
  readonly dynamicIn: boolean;
  readonly dynamicOut: boolean;
  readonly scheduled: boolean;
}

export interface OtherScaling {
  readonly min: number;
  readonly max: number;
  readonly suspended: SuspendedState;
  readonly policies: readonly OtherPolicy[];
  readonly schedules: readonly OtherSchedule[];
}

export interface OtherPolicy {
  readonly name: string;
  /** By its type and what it says: steps down, or a target without `DisableScaleIn`. */
  readonly canScaleIn: boolean;
}

export interface OtherSchedule {
  readonly name: string;
  /** It sets a maximum, and a count above that is lowered. */
  readonly setsMax: boolean;
}

/** What of it may scale in, a clause each; empty: nothing does. */
export function scalesIn({ suspended, policies, schedules }: OtherScaling): readonly string[] {
  const dynamic = suspended.dynamicIn ? [] : policies.filter(({ canScaleIn }) => canScaleIn);
  const timed = suspended.scheduled ? [] : schedules.filter(({ setsMax }) => setsMax);
  return [...dynamic.map(({ name }) => `policy ${name}`), ...timed.map(({ name }) => `scheduled action ${name}`)];
}

/**
 * Taken over, all of it rests; as a backstop scaling out goes on as it was.
 * @param before as it was when it was first taken over
 */
export function suspendedFor(
  how: 'all' | 'backstop',
  before: SuspendedState,
  { schedules }: Pick<OtherScaling, 'schedules'>,
): SuspendedState {
  if (how === 'all') return { dynamicIn: true, dynamicOut: true, scheduled: true };
  const lowers = schedules.some(({ setsMax }) => setsMax);
  return { dynamicIn: true, dynamicOut: before.dynamicOut, scheduled: before.scheduled || lowers };
}

export function sameSuspension(one: SuspendedState, other: SuspendedState): boolean {
  return one.dynamicIn === other.dynamicIn && one.dynamicOut === other.dynamicOut && one.scheduled === other.scheduled;
}

/** What is suspended, in words. */
export function suspensionWords({ dynamicIn, dynamicOut, scheduled }: SuspendedState): string {
  const parts = [
    ...(dynamicIn ? ['scaling in'] : []),
    ...(dynamicOut ? ['scaling out'] : []),
    ...(scheduled ? ['scheduled actions'] : []),
  ];
  return parts.length === 0 ? 'nothing suspended' : `${parts.join(', ')} suspended`;
}
