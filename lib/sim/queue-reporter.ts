import type { EpochMs, ServiceName } from '../policy/policy.ts';
import type { Clock, Reporter } from './reporter.ts';
import { Series } from './series.ts';
import type { Stretch } from './serving.ts';

/** The name of the queue a queue worker pulls from, where nobody says another. */
export function queueName(name: ServiceName): string {
  return `${name.service}-jobs`;
}

/** `AWS/SQS` of the queue: every 60 s. */
export class QueueReporter implements Reporter {
  readonly series: readonly Series[];
  readonly periodSeconds = 60;
  private readonly visible: Series;
  private readonly inFlight: Series;
  private readonly sent: Series;
  private readonly queue: { readonly visible: number; readonly inFlight: number };
  private jobs = 0;
  private jobRest = 0;
  private known = true;

  constructor(
    name: string,
    queue: { readonly visible: number; readonly inFlight: number },
    keptHours: number | 'all',
    clock: Clock,
  ) {
    const dimensions = { QueueName: name };
    const make = (metric: string) =>
      new Series({ namespace: 'AWS/SQS', name: metric, dimensions, periodSeconds: 60, keptHours }, clock);
    this.visible = make('ApproximateNumberOfMessagesVisible');
    this.inFlight = make('ApproximateNumberOfMessagesNotVisible');
    this.sent = make('NumberOfMessagesSent');
    this.series = [this.visible, this.inFlight, this.sent];
    this.queue = queue;
  }

  take(stretch: Stretch, _seconds: number, known: boolean): void {
    if (!known) this.known = false;
    this.jobs += stretch.arrived;
  }

  close(startedAt: EpochMs): void {
    const jobs = Math.floor(this.jobs + this.jobRest);
    this.jobRest += this.jobs - jobs;
    if (this.known) {
      const visible = Math.round(this.queue.visible);
      const inFlight = Math.round(this.queue.inFlight);
      this.visible.recordPlain(startedAt, visible, 1, visible, visible);
      this.inFlight.recordPlain(startedAt, inFlight, 1, inFlight, inFlight);
      this.sent.recordPlain(startedAt, jobs, Math.max(1, jobs), 1, 1);
    }
    this.jobs = 0;
    this.known = true;
  }
}
