/**
 * One run as one page: no other file, no network, nothing but the hashes of its own script and style may run.
 * The words stand in the HTML; the numbers and the decisions' sentences lie packed in a data block that the script draws from.
 */
import { nameText } from '../policy/service-name.ts';
import { readAssets } from './assets.ts';
import { type Html, html, trusted } from './html.ts';
import { assumptionList, charts, decisions, hints, moves, renderDocument } from './parts.ts';
import { encode, payloadOf } from './payload.ts';
import type { Run, RunScores } from './run.ts';
import { MOST_ROWS } from './series.ts';
import { lead, minutes, number, percent } from './words.ts';

export function renderRunPage(run: Run): string {
  return renderDocument(`${run.trace} · ${serviceName(run)} · Schmitt`, readAssets(), {
    body: html`${header(run)}
<main>
${picture(run)}
${decisions()}
${policy(run)}
${assumptionList(run.assumptions)}
</main>`,
    data: [['run', encode(payloadOf(run))]],
  });
}

function serviceName({ policy }: Run): string {
  return nameText(policy);
}

function header(run: Run): Html {
  return html`<header>
<p class="kicker">Schmitt played a policy over a workload</p>
<h1>${run.trace} <span class="service">${serviceName(run)}</span></h1>
<p class="lead">${lead(run.scores)}</p>
<dl class="scores">${tiles(run.scores).map(
    ([name, value, meaning]) =>
      html`<div><dt>${name}</dt><dd><b class="value">${value}</b><small>${meaning}</small></dd></div>
`,
  )}</dl>
</header>`;
}

function tiles(scores: RunScores): readonly (readonly [string, string, string])[] {
  const reversed = scores.changesPerDay === 0 ? 0 : (100 * scores.reversalsPerDay) / scores.changesPerDay;
  const gaps = scores.gapMinutes === 0 ? 'the trace has a value for every minute' : 'not known, so not scored';
  return [
    ['Overloaded', percent(scores.overloadedPct), 'of the requests'],
    ['Cost', scores.costRatio === null ? '–' : `${number(scores.costRatio)} ×`, 'of the clairvoyant oracle'],
    ['Changes', number(scores.changesPerDay), `a day; ${scores.scaleOuts} out and ${scores.scaleIns} in over the run`],
    ['Reversals', number(scores.reversalsPerDay), `a day; ${percent(reversed)} of the changes`],
    ['Gaps', scores.gapMinutes === 0 ? 'none' : minutes(scores.gapMinutes), gaps],
  ];
}

function picture(run: Run): Html {
  const thinned =
    run.rows.length > MOST_ROWS
      ? html`. Each point stands for several minutes and shows their smallest and largest value.`
      : trusted('');
  return html`<section aria-labelledby="picture-title" id="picture">
<div class="bar">
<h2 id="picture-title">The run</h2>
${moves()}
</div>
${hints(thinned)}
${charts()}
</section>`;
}

function policy(run: Run): Html {
  return html`<section aria-labelledby="policy-title">
<h2 id="policy-title">Policy</h2>
<p class="range">${run.policyFile}</p>
<pre tabindex="0">${run.policyText}</pre>
</section>`;
}
