/** The long explanation as text: columns as wide as their widest cell, two spaces between them. */
import { durationWords } from '../duration.ts';
import { dampingClause, number } from '../explain.ts';
import type { LongExplanation, VoteRow } from '../explain-long.ts';
import type { Compared } from './compared.ts';

export function tableText({ sentence, votes, signals, dampings, nearest }: LongExplanation): string {
  const blocks = [
    [sentence],
    columns(['list', 'name', 'vote', 'asks', 'periods', 'needs', 'compared'], votes.flatMap(voteLines)),
    columns(
      ['signal', 'value', 'age'],
      signals.map(({ signal, value, ageSeconds, cause }) =>
        value === null
          ? [signal, 'unknown', cause ?? '']
          : [signal, number(value), ageSeconds === null ? '' : durationWords(ageSeconds)],
      ),
    ),
    columns(
      ['stopped or changed by', 'from', 'to'],
      dampings.map((one) => [dampingClause(one), String(one.from), String(one.to)]),
    ),
    nearest === undefined
      ? []
      : [`nearest: ${nearest.sentence}${nearest.voter === undefined ? '' : ` (${nearest.voter})`}`],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** One line a comparison; the first carries the rest. */
function voteLines(vote: VoteRow): readonly (readonly string[])[] {
  const { list, name, wish, truth = '', trueFor, demand, why } = vote;
  const needs = trueFor === undefined ? '' : `${trueFor.m} of ${trueFor.n}`;
  const head = [list, name, `${vote.vote}, ${WORDS[why]}`, wish === undefined ? '' : String(wish), truth, needs];
  const compared = demand === undefined ? vote.compared.map(comparedText) : [`needs ${number(demand)} tasks`];
  const [first = '', ...more] = compared;
  return [[...head, first], ...more.map((text) => ['', '', '', '', '', '', text])];
}

const WORDS: Readonly<Record<VoteRow['why'], string>> = {
  true: 'true',
  false: 'false',
  unknown: 'unknown',
  blindTooLong: 'unknown too long',
  tooFewSamples: 'too few samples',
  sameEvidence: 'answered',
  waitingForFreshEvidence: 'waits for evidence',
  thenWait: 'waits',
  doesNotHelp: 'does not help',
  aboveTarget: 'above',
  belowTarget: 'below',
  insideTolerance: 'inside tolerance',
};

function comparedText({ source, operator, left, right, truth }: Compared): string {
  const word = truth === 'T' ? 'true' : truth === 'F' ? 'false' : 'unknown';
  return `${source}: ${valueText(left)} ${operator} ${valueText(right)} ${word}`;
}

const valueText = (value: number | null): string => (value === null ? '?' : number(value));

function columns(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
