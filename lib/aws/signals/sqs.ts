/**
 * The messages of a queue, from SQS itself: a minute sooner than from CloudWatch, and as they are at this moment. There is no history; the
 * value is stamped with the time of the read, and the policy keeps a ring of them.
 */
import type { SignalQuery } from '../../loop/ports.ts';
import type { Reading } from '../../policy/observation.ts';
import type { SignalSource, SqsAttribute } from '../../policy/policy.ts';
import type { Planning } from './plan.ts';
import { type Answers, type QueueRecipe, type Recipe, unread } from './recipe.ts';

/** One GetQueueAttributes call. */
export interface QueueRead extends QueueName {
  /** Unique in the plan. */
  readonly id: string;
}

export interface QueueName {
  readonly name: string;
  /** Absent: the account and Region of the function. */
  readonly owner?: { readonly account: string; readonly region: string };
}

/** What a queue has, all at one moment. */
export type QueueCounts = Readonly<Record<'visible' | 'inFlight' | 'delayed', number>>;

export type QueueAnswer =
  | { readonly status: 'complete'; readonly counts: QueueCounts }
  | { readonly status: 'failed' | 'forbidden'; readonly cause: string };

/** Each queue once, however many signals read it. */
export class WantedQueues {
  readonly #byKey = new Map<string, QueueRead>();

  want(queue: QueueName): string {
    const key = `${queue.owner?.region} ${queue.owner?.account} ${queue.name}`;
    const known = this.#byKey.get(key) ?? { id: `s${this.#byKey.size}`, ...queue };
    this.#byKey.set(key, known);
    return known.id;
  }

  reads(): readonly QueueRead[] {
    return [...this.#byKey.values()];
  }
}

export function planSqs({ spec }: SignalQuery, source: SignalSource & { kind: 'sqs' }, planning: Planning): Recipe {
  const queue = queueNameOf(source.queue);
  if (queue === undefined) return unread(spec, `${source.queue} is neither a queue's name nor its URL or ARN`);
  const { periodSeconds, scale } = spec;
  const id = planning.queues.want(queue);
  return { kind: 'queue', id, attribute: source.attribute, readAt: planning.now, periodSeconds, scale };
}

const NAME = '[A-Za-z0-9_-]{1,80}(?:\\.fifo)?';
const FORMS = [
  new RegExp(`^(?<name>${NAME})$`),
  new RegExp(`^arn:aws[a-z-]*:sqs:(?<region>[a-z0-9-]+):(?<account>\\d{12}):(?<name>${NAME})$`),
  new RegExp(`^https://sqs\\.(?<region>[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/(?<account>\\d{12})/(?<name>${NAME})$`),
];

function queueNameOf(text: string): QueueName | undefined {
  for (const form of FORMS) {
    const { name, region, account } = form.exec(text)?.groups ?? {};
    if (name === undefined) continue;
    return region === undefined || account === undefined ? { name } : { name, owner: { account, region } };
  }
  return undefined;
}

export function readQueue(recipe: QueueRecipe, answers: Answers): Reading {
  const { id, attribute, readAt, periodSeconds, scale } = recipe;
  const answer = answers.queues.get(id) ?? { status: 'failed', cause: 'it was not asked for' };
  if (answer.status !== 'complete') return { status: answer.status, periodSeconds, values: [], cause: answer.cause };
  const value = scale * countOf(answer.counts, attribute);
  return { status: 'complete', periodSeconds, values: [[readAt - periodSeconds * 1000, value]] };
}

/** The backlog is what workers have yet to finish: what waits and what they hold; delayed messages are not there yet. */
function countOf(counts: QueueCounts, attribute: SqsAttribute): number {
  return attribute === 'backlog' ? counts.visible + counts.inFlight : counts[attribute];
}
