/** One line in, one line out: the decision with its sentence, reasons and the state to send with the next line, or the fault. */
import { acknowledge, decide } from '../../policy/decide.ts';
import { explain } from '../../policy/explain.ts';
import { tableText } from '../../policy/explain-long/table.ts';
import { explainLong } from '../../policy/explain-long.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { recollect } from '../../policy/signal-rings.ts';
import { type Line, LONGEST_LINE } from './lines.ts';
import { BadLine } from './stream-fields.ts';
import { streamInput } from './stream-input.ts';

export interface AnswerOptions {
  /** Adds `nearest` and `table`. */
  readonly long: boolean;
}

/** @param number of the line, from 1; the answer has no line break in it */
export function answerTo(policy: ServicePolicy, line: Line, number: number, options: AnswerOptions): string {
  try {
    return JSON.stringify(decided(policy, textOf(line), options));
  } catch (fault) {
    const cause = fault instanceof BadLine ? fault.message : `cannot be decided: ${messageOf(fault)}`;
    return JSON.stringify({ error: `line ${number}: ${cause}` });
  }
}

function textOf(line: Line): string {
  if (line.kind === 'tooLong')
    throw new BadLine(
      `is longer than ${LONGEST_LINE / 1024 / 1024} MB; send only the periods that the policy looks at`,
    );
  if (line.text.trim() === '') throw new BadLine('is empty; send one object a line');
  return line.text;
}

/** As a turn of the loop that has acted: the state is the one after AWS said yes. */
function decided(policy: ServicePolicy, text: string, { long }: AnswerOptions): object {
  const { now, observation: observed, state, overrides } = streamInput(policy, text);
  const { observation, rings } = recollect(policy, observed, state.rings, now);
  const answer = decide(policy, { ...state, rings }, observation, now, overrides);
  const { decision, reasons } = answer;
  const short = { decision, sentence: explain(answer), reasons, state: acknowledge(policy, answer, now) };
  if (!long) return short;
  const explained = explainLong(policy, answer, { observation, now });
  return { ...short, nearest: explained.nearest ?? null, table: tableText(explained) };
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
