/** How soon each scaler answered each step of the load: a bar a step, one under the other. */
import { type Html, html, trusted } from '../html.ts';
import type { Answered } from './comparison.ts';

export function answersSection(answers: readonly Answered[] | undefined, index: number): Html {
  if (answers === undefined || answers.every(({ seconds }) => seconds.length === 0)) return trusted('');
  const most = Math.max(1, ...answers.flatMap(({ seconds }) => seconds.filter((one) => one !== null)));
  return html`<section aria-labelledby="answers-${index}">
<h2 id="answers-${index}">From a step of the load to the change that answers it</h2>
<div class="answers">${answers.map((one) => scalerBars(one, most))}</div>
</section>`;
}

function scalerBars({ name, isPolicy, seconds }: Answered, most: number): Html {
  return html`<h3>${name}</h3>
<ol>${seconds.map((one) => bar(one, most, isPolicy))}</ol>
`;
}

/** In a box of its own, stretched to the room there is: no text in it, so nothing is distorted. */
function bar(seconds: number | null, most: number, isPolicy: boolean): Html {
  if (seconds === null) return html`<li><span class="none">not answered before the next</span></li>`;
  const width = Math.max(0.5, (100 * seconds) / most).toFixed(1);
  const mark = isPolicy ? trusted(' class="own"') : trusted('');
  return html`<li><svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"${mark}><rect width="${width}" height="1"/></svg> <span>${Math.round(seconds)} s</span></li>`;
}
