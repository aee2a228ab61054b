/** The service's events, worded as ECS words them. */
import type { EpochMs } from '../policy/policy.ts';

const KEPT_EVENTS = 100;

export interface ServiceEvent {
  readonly at: EpochMs;
  readonly message: string;
}

export class ServiceEvents {
  private readonly events: ServiceEvent[] = [];
  private shown: readonly ServiceEvent[] | undefined;
  private readonly service: string;

  constructor(service: string) {
    this.service = service;
  }

  add(at: EpochMs, what: string): void {
    this.events.push({ at, message: `(service ${this.service}) ${what}` });
    if (this.events.length > KEPT_EVENTS) this.events.shift();
    this.shown = undefined;
  }

  newestFirst(): readonly ServiceEvent[] {
    this.shown ??= this.events.toReversed();
    return this.shown;
  }
}
