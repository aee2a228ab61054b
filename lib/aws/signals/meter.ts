/** What reading signals used up, for the bill and for measurements. Counts since it was made. */
export interface Meter {
  /** By operation. */
  readonly calls: Record<string, number>;
  /** Of GetMetricData: what CloudWatch charges for. */
  metricsRequested: number;
  /** Of PromQL, where the server says so: what CloudWatch charges for there. */
  samplesScanned: number;
  /** Of PromQL replies. */
  bytes: number;
}

export function newMeter(): Meter {
  return { calls: {}, metricsRequested: 0, samplesScanned: 0, bytes: 0 };
}

export function counted({ calls }: Meter, operation: string): void {
  calls[operation] = (calls[operation] ?? 0) + 1;
}
