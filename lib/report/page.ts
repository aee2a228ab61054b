/**
 * One run as one page: no other file, no network, nothing but the hashes of its own script and style may run.
 * The words stand in the HTML; the numbers and the decisions' sentences lie packed in a data block that the script draws from.
 */
import { type Assets, hashOf, readAssets } from './assets.ts';
import { type Html, html, trusted } from './html.ts';
import { encode, payloadOf } from './payload.ts';
import type { Run, RunScores } from './run.ts';
import { MOST_ROWS } from './series.ts';
import { lead, minutes, number, percent } from './words.ts';

export function renderRunPage(run: Run): string {
  const assets = readAssets();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${run.trace} · ${serviceName(run)} · Schmitt</title>
<style>${trusted(assets.style)}</style>
</head>
<body>
${header(run)}
<main>
${picture(run)}
${decisions()}
${policy(run)}
${assumptions(run)}
</main>
<script type="application/octet-stream" id="run">${trusted(encode(payloadOf(run)))}</script>
<script>${trusted(assets.uPlotScript)}</script>
<script type="module">${trusted(assets.pageScript)}</script>
</body>
</html>
`.html;
}

function contentPolicy({ uPlotScript, pageScript, style }: Assets): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(uPlotScript)} ${hashOf(pageScript)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function serviceName({ policy }: Run): string {
  return `${policy.cluster}/${policy.service}`;
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
<p id="range" class="range" role="status"></p>
<div class="buttons" role="group" aria-label="Move the picture">
<button type="button" data-move="earlier" aria-label="Earlier">←</button>
<button type="button" data-move="later" aria-label="Later">→</button>
<button type="button" data-move="in" aria-label="Zoom in">+</button>
<button type="button" data-move="out" aria-label="Zoom out">−</button>
<button type="button" data-move="whole">Whole run</button>
</div>
</div>
<div class="hint">
<p class="pointer" id="hint">Drag across a chart to zoom, double-click for the whole run. With a chart in focus: <kbd>←</kbd> <kbd>→</kbd> step through the decisions, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> the whole run.</p>
<p class="touch">Tap a chart to read a minute; the buttons zoom and move.</p>
<p><i class="swatch overload"></i>above capacity <i class="swatch gap"></i>no value in the trace${thinned}</p>
</div>
${chart('load', 'Load and capacity', 'requests per second; the capacity is what the tasks in service could take')}
${chart('tasks', 'Tasks', 'counts; ▲ and ▼ are decisions to scale out and in')}
${chart('cpu', 'CPU', 'percent, mean of the tasks in service; the dashed lines are the policy’s thresholds')}
<p id="now" class="now">Point at a chart to read what was decided at that minute.</p>
<p id="spoken" class="unseen" role="status"></p>
<noscript><p>The picture and the list of decisions need a script, which this page carries with it; the scores, the policy and the assumptions stand here without it.</p></noscript>
</section>`;
}

function chart(name: string, title: string, unit: string): Html {
  return html`<figure id="chart-${name}">
<figcaption><b>${title}</b> <span>${unit}</span></figcaption>
<div class="legend"></div>
<div class="plot" tabindex="0" role="application" aria-roledescription="chart" aria-label="${title}, ${unit}" aria-describedby="hint"></div>
</figure>
`;
}

function decisions(): Html {
  return html`<section aria-labelledby="decisions-title">
<div class="bar">
<h2 id="decisions-title">Decisions</h2>
<p id="decisions-count" class="range" role="status"></p>
</div>
<ol id="decisions" class="decisions"></ol>
<button type="button" id="more" class="more" hidden>Show more</button>
</section>`;
}

function policy(run: Run): Html {
  return html`<section aria-labelledby="policy-title">
<h2 id="policy-title">Policy</h2>
<p class="range">${run.policyFile}</p>
<pre tabindex="0">${run.policyText}</pre>
</section>`;
}

function assumptions(run: Run): Html {
  return html`<section aria-labelledby="assumptions-title">
<h2 id="assumptions-title">Assumptions</h2>
<dl class="assumptions">${run.assumptions.map(
    ([term, words]) => html`<div><dt>${term}</dt><dd>${words}</dd></div>
`,
  )}</dl>
</section>`;
}
