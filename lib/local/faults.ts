/** Scripted misfortune: what the next calls of an operation meet instead of an answer. */
import type { Operation } from './operations.ts';

/**
 * - `throttle`, `serverError`, `accessDenied`: refused by name; nothing is applied.
 * - `loseRequest`: the connection breaks before anything is applied. `loseAnswer`: it breaks after the change was applied.
 *   The caller cannot tell one from the other.
 * - `hang`: never answered; applied only where `applied` says so.
 * - `slow`: applied at once, answered `delayMs` real milliseconds later.
 */
export type Fault =
  | {
      readonly kind: 'throttle' | 'serverError' | 'accessDenied' | 'loseRequest' | 'loseAnswer';
      readonly times?: number;
    }
  | { readonly kind: 'hang'; readonly applied?: boolean; readonly times?: number }
  | { readonly kind: 'slow'; readonly delayMs: number; readonly times?: number };

/** One result of `GetMetricData` that is not `Complete`, inside an answer with HTTP 200. */
export interface ResultFault {
  /** The metric's name; absent: every result of the call. */
  readonly metric?: string;
  readonly status: 'InternalError' | 'Forbidden' | 'PartialData';
  readonly message?: string;
  /** Calls that meet it; 1 by default. */
  readonly times?: number;
}

/** A message of `GetMetricData` about the whole call. */
export interface CallMessage {
  readonly code: string;
  readonly value: string;
  readonly times?: number;
}

interface Scripted<T> {
  readonly what: T;
  left: number;
}

export class Faults {
  readonly #calls = new Map<Operation, Scripted<Fault>[]>();
  #results: Scripted<ResultFault>[] = [];
  #messages: Scripted<CallMessage>[] = [];

  /** The next `times` (1 by default) calls of the operation meet this fault; several scripts follow each other. */
  next(operation: Operation, fault: Fault): void {
    const queue = this.#calls.get(operation) ?? [];
    queue.push({ what: fault, left: fault.times ?? 1 });
    this.#calls.set(operation, queue);
  }

  /** The next `times` calls of `GetMetricData` that ask for the metric get this status for it. */
  nextResult(fault: ResultFault): void {
    this.#results.push({ what: fault, left: fault.times ?? 1 });
  }

  /** The next `times` answers of `GetMetricData` carry this message. */
  nextMessage(message: CallMessage): void {
    this.#messages.push({ what: message, left: message.times ?? 1 });
  }

  /** Forgets every script. */
  clear(): void {
    this.#calls.clear();
    this.#results = [];
    this.#messages = [];
  }

  take(operation: Operation): Fault | undefined {
    const queue = this.#calls.get(operation);
    const first = queue?.[0];
    if (queue === undefined || first === undefined) return undefined;
    first.left -= 1;
    if (first.left <= 0) queue.shift();
    return first.what;
  }

  /** The faults of one `GetMetricData` call, by the names of the metrics it asks for. */
  takeResults(metrics: ReadonlySet<string>): readonly ResultFault[] {
    if (this.#results.length === 0) return [];
    const met = this.#results.filter(({ what }) => what.metric === undefined || metrics.has(what.metric));
    for (const fault of met) fault.left -= 1;
    this.#results = this.#results.filter(({ left }) => left > 0);
    return met.map(({ what }) => what);
  }

  takeMessages(): readonly CallMessage[] {
    const said = this.#messages;
    for (const message of said) message.left -= 1;
    this.#messages = said.filter(({ left }) => left > 0);
    return said.map(({ what }) => what);
  }
}
