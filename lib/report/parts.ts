/** Pieces of HTML that pages with charts over time share; the scripts in `browser/` find them by their ids. */
import { type Assets, hashOf } from './assets.ts';
import { type Html, html, trusted } from './html.ts';

export interface DocumentParts {
  readonly body: Html;
  /** Packed data by the id under which the script finds it. */
  readonly data: readonly (readonly [id: string, packed: string])[];
}

/** A page that needs no other file and no network; nothing but its own scripts and style may run. */
export function renderDocument(title: string, assets: Assets, { body, data }: DocumentParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(assets.style)}</style>
</head>
<body>
${body}
${data.map(
  ([id, packed]) => html`<script type="application/octet-stream" id="${id}">${trusted(packed)}</script>
`,
)}
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

/** The stretch in sight, and the buttons that move it. */
export function moves(): Html {
  return html`<p id="range" class="range" role="status"></p>
<div class="buttons" role="group" aria-label="Move the picture">
<button type="button" data-move="earlier" aria-label="Earlier">←</button>
<button type="button" data-move="later" aria-label="Later">→</button>
<button type="button" data-move="in" aria-label="Zoom in">+</button>
<button type="button" data-move="out" aria-label="Zoom out">−</button>
<button type="button" data-move="whole">Whole run</button>
</div>`;
}

/** What the shades of the charts mean. */
export interface Shades {
  readonly overload: string;
  readonly gap: string;
}

const OF_A_RUN: Shades = { overload: 'above capacity', gap: 'no value in the trace' };

/** @param thinned what is to be said of points that stand for several minutes */
export function hints(thinned: Html, shades: Shades = OF_A_RUN): Html {
  return html`<div class="hint">
<p class="pointer" id="hint">Drag across a chart to zoom, double-click for the whole run. With a chart in focus: <kbd>←</kbd> <kbd>→</kbd> step through the decisions, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> the whole run.</p>
<p class="touch">Tap a chart to read a minute; the buttons zoom and move.</p>
<p><i class="swatch overload"></i>${shades.overload} <i class="swatch gap"></i>${shades.gap}${thinned}</p>
</div>`;
}

export function charts(): Html {
  return html`${chart('load', 'Load and capacity', 'requests per second; the capacity is what the tasks in service could take')}
${chart('tasks', 'Tasks', 'counts; ▲ and ▼ are decisions to scale out and in')}
${chart('cpu', 'CPU', 'percent, mean of the tasks in service; the dashed lines are the policy’s thresholds')}
${sayings()}`;
}

/** What is said of the minute pointed at, and of the decision reached by keys. */
export function sayings(): Html {
  return html`<p id="now" class="now">Point at a chart to read what was decided at that minute.</p>
<p id="spoken" class="unseen" role="status"></p>
<noscript><p>The picture and the list of decisions need a script, which this page carries with it; the scores, the policy and the assumptions stand here without it.</p></noscript>`;
}

/** A place for a chart and its legend, `#chart-NAME`. */
export function chart(name: string, title: string, unit: string): Html {
  return html`<figure id="chart-${name}">
<figcaption><b>${title}</b> <span>${unit}</span></figcaption>
<div class="legend"></div>
<div class="plot" tabindex="0" role="application" aria-roledescription="chart" aria-label="${title}, ${unit}" aria-describedby="hint"></div>
</figure>
`;
}

/** The decisions of the stretch in sight as a list of buttons. */
export function decisions(): Html {
  return html`<section aria-labelledby="decisions-title">
<div class="bar">
<h2 id="decisions-title">Decisions</h2>
<p id="decisions-count" class="range" role="status"></p>
</div>
<ol id="decisions" class="decisions"></ol>
<button type="button" id="more" class="more" hidden>Show more</button>
</section>`;
}

/** What was assumed, as terms and words. */
export function assumptionList(assumptions: readonly (readonly [term: string, words: string])[]): Html {
  return html`<section aria-labelledby="assumptions-title">
<h2 id="assumptions-title">Assumptions</h2>
<dl class="assumptions">${assumptions.map(
    ([term, words]) => html`<div><dt>${term}</dt><dd>${words}</dd></div>
`,
  )}</dl>
</section>`;
}
