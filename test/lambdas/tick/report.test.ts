import { describe, expect, test } from '@jest/globals';
import { count, narrated } from '../../../lambdas/tick/report.ts';
import { createTelemetry } from '../../../lambdas/tick/telemetry.ts';
import { memoryLedger } from '../../../lib/loop/memory-ledger.ts';
import type { LedgerEntry, Outcome } from '../../../lib/loop/ports.ts';
import type { TickReport } from '../../../lib/loop/tick-request.ts';
import { type Line, printed } from './invocation.ts';

const output = printed();
const NOW = Date.UTC(2026, 10, 20, 8, 1);

function entry(service: string, outcome: Outcome, from = 4, to = 4): LedgerEntry {
  const action = to > from ? 'out' : to < from ? 'in' : 'hold';
  return {
    v: 1,
    cluster: 'prod',
    service,
    arn: `arn:aws:ecs:eu-west-1:123456789012:service/prod/${service}`,
    at: NOW,
    policyVersion: 'p1',
    decision: { action, from, to },
    outcome,
    sentence: `${service}: ${from} → ${to}`,
    reasons: [],
  };
}

function ticked(entries: readonly LedgerEntry[], more: { lateSeconds?: number } = { lateSeconds: 2.5 }): TickReport {
  return {
    kind: 'ticked',
    now: NOW,
    policyVersion: 'p1',
    entries,
    signalsRead: 6,
    signalsFailed: 1,
    breakersOpen: 0,
    ...more,
  };
}

function published(report: TickReport): Line[] {
  const telemetry = createTelemetry();
  count(report, telemetry);
  telemetry.metrics.publishStoredMetrics();
  return output.metrics();
}

/** The part of an embedded metric line that CloudWatch reads. */
function definition(line: Line = {}): unknown {
  const { CloudWatchMetrics } = line._aws as { CloudWatchMetrics: [unknown] };
  return CloudWatchMetrics[0];
}

describe('metrics', () => {
  test('decisions are counted by action and outcome, and by nothing that grows with the fleet', () => {
    const lines = published(
      ticked([
        entry('checkout', 'changed', 4, 6),
        entry('billing', 'changed', 2, 3),
        entry('search', 'held'),
        entry('mail', 'refused', 4, 3),
      ]),
    ).filter((line) => 'DecisionsTotal' in line);

    expect(lines.map(({ action, outcome, DecisionsTotal }) => [action, outcome, DecisionsTotal])).toEqual([
      ['out', 'changed', 2],
      ['hold', 'held', 1],
      ['in', 'refused', 1],
    ]);
    for (const line of lines) {
      expect(definition(line)).toEqual({
        Namespace: 'Schmitt',
        Dimensions: [['service', 'action', 'outcome']],
        Metrics: [{ Name: 'DecisionsTotal', Unit: 'Count' }],
      });
      expect(line.service).toBe('schmitt');
    }
  });

  test('lateness and signals leave in one line', () => {
    const line = published(ticked([])).at(-1);
    expect(line).toMatchObject({ TickAge: 2.5, SignalsRead: 6, SignalsFailed: 1, TickBusy: 0, policyVersion: 'p1' });
    expect(definition(line)).toMatchObject({
      Dimensions: [['service']],
      Metrics: expect.arrayContaining([{ Name: 'TickAge', Unit: 'Seconds' }]),
    });
  });

  test('signals that rules ask for and nobody knows are counted once for each service', () => {
    const seen = (signal: string, value: number | null) => ({ signal, value, ageSeconds: null });
    const vote = (name: string, ...signals: ReturnType<typeof seen>[]) =>
      ({ kind: 'vote', list: 'scaleOut', name, vote: 'hold', why: 'unknown', signals }) as const;
    const held = (service: string): LedgerEntry => ({
      ...entry(service, 'held'),
      reasons: [vote('warm', seen('cpu', null), seen('rps', 90)), vote('hot', seen('cpu', null))],
    });
    expect(published(ticked([held('checkout'), held('billing')])).at(-1)).toMatchObject({ SignalsMissing: 2 });
    expect(published(ticked([entry('search', 'held')])).at(-1)).toMatchObject({ SignalsMissing: 0 });
  });

  test('changes that were given up, and services that more tasks do not help, are counted', () => {
    const vote = {
      kind: 'vote',
      list: 'scaleOut',
      name: 'slow',
      vote: 'hold',
      why: 'doesNotHelp',
      signals: [],
    } as const;
    const given = { kind: 'unverified', from: 4, to: 6, missing: 2, afterSeconds: 240, causes: [] } as const;
    const line = published(
      ticked([
        { ...entry('checkout', 'held'), reasons: [given, vote] },
        { ...entry('billing', 'held'), reasons: [vote, { ...vote, name: 'failing' }] },
        entry('search', 'held'),
      ]),
    ).at(-1);
    expect(line).toMatchObject({ ChangesUnverified: 1, DoesNotHelp: 2 });
    expect(published(ticked([entry('search', 'held')])).at(-1)).toMatchObject({ ChangesUnverified: 0, DoesNotHelp: 0 });
  });

  test('how long ago anything was scaled is told where it is known', () => {
    const scaled = { ...(ticked([]) as Extract<TickReport, { kind: 'ticked' }>), lastScaleAgeSeconds: 95 };
    expect(published(scaled).at(-1)).toMatchObject({ LastScaleAge: 95 });
    expect(published(ticked([])).at(-1)).not.toHaveProperty('LastScaleAge');
  });

  test('a tick that nobody scheduled has no lateness, not a lateness of zero', () => {
    expect(published(ticked([], {})).at(-1)).not.toHaveProperty('TickAge');
  });

  test('a busy shard is a count and a line for people', () => {
    const lines = published({ kind: 'busy', owner: 'request-0/1', until: NOW });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ TickBusy: 1 });
    expect(output.logs()).toMatchObject([
      {
        level: 'INFO',
        holder: 'request-0/1',
        message: 'Another tick holds the shard until 2026-11-20T08:01:00.000Z: nothing to do.',
      },
    ]);
  });
});

describe('the log', () => {
  const record = async (given: LedgerEntry) => {
    const ledger = memoryLedger();
    await narrated(ledger, createTelemetry().logger).record([given], new AbortController().signal);
    return { kept: ledger.entries, lines: output.logs() };
  };

  test('has one line for each entry of the ledger; its message is the sentence', async () => {
    const given = entry('checkout', 'changed', 4, 6);
    const { kept, lines } = await record(given);
    expect(kept).toEqual([given]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      message: 'checkout: 4 → 6',
      service: 'schmitt',
      ecsService: 'prod/checkout',
      action: 'out',
      from: 4,
      to: 6,
      outcome: 'changed',
      decidedAt: '2026-11-20T08:01:00.000Z',
      policyVersion: 'p1',
      reasons: [],
    });
  });

  test('warns of what somebody should look at, with what ECS said', async () => {
    const { lines } = await record({ ...entry('checkout', 'refused', 4, 6), error: 'AccessDeniedException: no' });
    expect(lines[0]).toMatchObject({ level: 'WARN', refusal: 'AccessDeniedException: no' });
  });
});
