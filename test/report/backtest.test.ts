/** The page of a backtest as text, and what is packed into it. `test/browser` opens it in one. */
import { Script } from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Backtested } from '../../lib/report/backtest/backtested.ts';
import { replayColumns } from '../../lib/report/backtest/columns.ts';
import { renderBacktestPage } from '../../lib/report/backtest/page.ts';
import { blocksOf, type PlayerPayload, playersOf } from '../../lib/report/backtest/payload.ts';
import { answerOf, limitsOf } from '../../lib/report/backtest/words.ts';
import type { Backtest, Comparison, Played } from '../../lib/sim/backtest/backtest.ts';
import { aBacktest, TARGET_POLICY } from './a-backtest.ts';

let told: Backtested;
let comparison: Comparison;
let page: string;
beforeAll(() => {
  told = aBacktest();
  comparison = ranked(told.outcome);
  page = renderBacktestPage(told);
}, 60_000);

function ranked(outcome: Backtest): Comparison {
  if (outcome.kind === 'refused') throw new Error(outcome.why);
  return outcome.comparison;
}

const textOf = (html: string) =>
  html
    .replace(/<script[\s\S]*?<\/script>|<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const opened = (packed: string): PlayerPayload => JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
const sum = (values: readonly (number | null)[]) => values.filter((value) => (value ?? 0) > 0).length;

describe('the page of a backtest', () => {
  test('says how far to believe it before it says anything else', () => {
    const words = textOf(page);
    expect(words).toMatch(/Fidelity 100 % .* Target tracking of CPU at 60, replayed .* 70 % is needed to rank\./);
    expect(words.indexOf('Fidelity')).toBeLessThan(words.indexOf('This policy would have cost $'));
  });

  test('fetches nothing and runs nothing but what it carries', () => {
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    expect(policy.replaceAll('&#39;', "'")).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page.replace(/<script[\s\S]*?<\/script>/g, '')).not.toMatch(/<[^>]*\b(?:src|href|style)=/);
  });

  test('its modules fit into one scope', () => {
    const module = page.match(/<script type="module">([\s\S]*?)<\/script>/)?.[1] ?? '';
    expect(() => new Script(`(async () => {${module}})`)).not.toThrow();
    expect(module).not.toMatch(/^(?:import|export) /m);
  });

  test('has names, files and sentences of others as text only', () => {
    const hostile = '</script><img src=x onerror=alert(1)>';
    const named = renderBacktestPage({
      ...told,
      history: { ...told.history, service: hostile },
      policyFile: hostile,
      policyText: hostile,
    });
    expect(named).not.toContain('<img');
  });

  test('says beside the answer that full tasks hide load, and only where they were full', () => {
    const full = ` The real tasks were full for ${comparison.cappedMinutes} minutes and hid any load beyond that: it may have cost more and been overloaded for longer.`;
    expect(answerOf(told).endsWith(`(cpu above 90 %).${full}`)).toBe(true);
    const never: Backtest = { ...told.outcome, ...{ kind: 'ranked', comparison: { ...comparison, cappedMinutes: 0 } } };
    expect(answerOf({ ...told, outcome: never })).toMatch(/\(cpu above 90 %\)\.$/);
  });

  test('tells of how many of the days asked for it knows the tasks', () => {
    expect(answerOf(told)).toMatch(/^prod\/checkout, 2 days: /);
    const { history } = told;
    const gap = { ...told, history: { ...history, tasks: history.tasks.slice(700) } };
    expect(answerOf(gap)).toMatch(/^prod\/checkout, 1\.51 of 2 days: /);
    expect(textOf(renderBacktestPage(gap))).toContain('UTC, 1.51 of 2 days');
    expect(new Map(limitsOf(gap)).get('Days')).toMatch(/^the tasks of 1\.51 of 2 days are known; /);
  });

  test('tells where the tasks were full, what was taken for granted, and by which version', () => {
    const limits = new Map(limitsOf(told));
    expect(limits.get('CPU was capped')).toMatch(/^for \d+ minutes the real tasks were full/);
    expect(limits.get('Overloaded')).toMatch(/^a minute with cpu above 90 %; of the policy \d+ to \d+ minutes if/);
    expect([...limits.keys()]).toEqual(expect.arrayContaining(['Load', 'Cost', 'Tasks', 'Deployments', 'Versions']));
    for (const [term, words] of limits) expect(textOf(page)).toContain(`${term} ${words}`);
  });
});

describe('a history that does not fit its own scaling policies', () => {
  test('has its model as a picture, the reason, and no figures', () => {
    const refused = aBacktest({ target: 45 });
    const words = textOf(renderBacktestPage(refused));
    expect(answerOf(refused)).toMatch(/^prod\/checkout, 2 days: not ranked, because the counts that really were/);
    expect(words).toContain('Not ranked, because the counts that really were');
    expect(words).not.toMatch(/\$\d+\.\d\d instead|Task-hours/);
    expect(playersOf(refused).map(({ name }) => name)).toEqual(['the model']);
  });

  test('and one that nothing is known to have scaled has neither', () => {
    const unknown = aBacktest({ scaled: false });
    expect(playersOf(unknown)).toEqual([]);
    expect(blocksOf(unknown)).toEqual([]);
    expect(textOf(renderBacktestPage(unknown))).toMatch(/Fidelity unknown It cannot be shown/);
  });
});

test('the model is measured as the policy is: by the CPU, or by what its target gives a task', () => {
  const byTarget = ranked(aBacktest({ policyText: TARGET_POLICY }).outcome);
  expect(byTarget.overloaded).toBe('requests above 4320 a task');
  expect(byTarget.real.overloadedMinutes).not.toBe(comparison.real.overloadedMinutes);
  for (const { model, real } of [byTarget, comparison]) {
    expect(Math.abs(model.overloadedMinutes - real.overloadedMinutes)).toBeLessThanOrEqual(2);
  }
}, 60_000);

describe('what is drawn', () => {
  test('is overloaded for as many minutes as the table says, of both sides', () => {
    const { values } = replayColumns(comparison.played);
    expect(sum(values.above)).toBe(comparison.policy.overloadedMinutes);
    expect(sum(values.realAbove)).toBe(comparison.real.overloadedMinutes);
    expect(comparison.real.overloadedMinutes).toBeGreaterThan(0);
  });

  test('has the counts that were and those that would have been, at the minute in which they were', () => {
    const { at, values } = replayColumns(comparison.played);
    const minute = 1500;
    const row = comparison.played.replay.rows.find((one) => one.at === (at[minute] ?? 0) * 1000);
    expect([values.realDesired[minute], values.desired[minute]]).toEqual([row?.desired, row?.ourDesired]);
    expect(values.realTasks[minute]).toBe(row?.tasks);
  });

  test('has a sentence for every change, the policy first', () => {
    const [ours, model] = blocksOf(told).map(([, packed]) => opened(packed));
    expect([ours?.name, model?.name]).toEqual(['this policy', 'the model']);
    expect(ours?.decisions.length).toBe(comparison.policy.changes);
    expect(ours?.decisions[0]?.[4]).toMatch(/^\d+ → \d+: (warm|calm|emergency) true/);
    expect(ours?.thresholds.map(({ value }) => value)).toEqual([85, 70, 50]);
    expect(model?.decisions[0]?.[4]).toMatch(/: model of target tracking of CPU at 60$/);
  });

  test('two weeks stay under a megabyte', () => {
    const { model } = told.outcome;
    if (model === null) throw new Error('the history has a model');
    const played = repeated(comparison.played, 7);
    const outcome: Backtest = {
      ...told.outcome,
      ...{ kind: 'ranked', model: repeated(model, 7), comparison: { ...comparison, played } },
    };
    expect(Buffer.byteLength(renderBacktestPage({ ...told, outcome }))).toBeLessThan(1_000_000);
    expect(played.replay.rows.length).toBeGreaterThan(13 * 1440);
  }, 60_000);

  test('with less room lines lose points, and no overload', () => {
    const [tight] = blocksOf(told, 20_000).map(([, packed]) => opened(packed));
    expect(tight?.at.deltas.length).toBeLessThan(2 * 1440 - 60);
    const { above } = tight?.columns ?? {};
    let total = 0;
    const tasks = (above?.deltas ?? []).map((delta) => {
      total += delta ?? 0;
      return total * (above?.unit ?? 0);
    });
    expect(Math.max(...tasks)).toBeGreaterThan(0);
  }, 60_000);
});

/** The same two days again and again. */
function repeated({ replay, said }: Played, times: number): Played {
  const lengthMs = 48 * 3_600_000;
  const again = <T extends { readonly at: number }>(all: readonly T[]): readonly T[] =>
    Array.from({ length: times }, (_, turn) => all.map((one) => ({ ...one, at: one.at + turn * lengthMs }))).flat();
  return { replay: { ...replay, rows: again(replay.rows), judged: again(replay.judged) }, said: again(said) };
}
