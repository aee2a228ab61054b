/** Several scalers on the same load as one page: the table of scores, cost against overload, and each run as a picture. */
import { CHART_MODULES, readAssets } from '../assets.ts';
import { type Html, html, trusted } from '../html.ts';
import { assumptionList, charts, decisions, hints, moves, renderDocument } from '../parts.ts';
import { number, percent } from '../words.ts';
import { answersSection } from './answers.ts';
import type { Cell, Column, Comparison, Entry, FrontLine, Scene } from './comparison.ts';
import { blocksOf } from './payload.ts';

const SOURCES = {
  modules: [...CHART_MODULES, ...['scatter', 'front', 'strips', 'main'].map((name) => `comparison/browser/${name}.js`)],
  styles: ['browser/page.css', 'comparison/browser/comparison.css'],
};

export function renderComparisonPage(comparison: Comparison): string {
  const { scenes, service, assumptions } = comparison;
  const traces = scenes.map(({ trace }) => trace).join(', ');
  return renderDocument(`${traces} · ${service} · Schmitt`, readAssets(SOURCES), {
    body: html`<header>
<p class="kicker">${comparison.kicker}</p>
<h1>${scenes.length === 1 ? traces : `${scenes.length} loads`} <span class="service">${service}</span></h1>
${chooser(scenes)}
</header>
<main>
${scenes.map((scene, index) => sceneSection(scene, index, comparison.noun ?? 'scaler'))}
${picture(scenes)}
${decisions()}
${policies(comparison)}
${assumptionList(assumptions)}
</main>`,
    data: blocksOf(comparison),
  });
}

function chooser(scenes: readonly Scene[]): Html {
  if (scenes.length === 1) return trusted('');
  return html`<p class="chooser"><label for="scene">Load</label>
<select id="scene">${scenes.map(({ trace }, index) => html`<option value="${index}">${trace}</option>`)}</select></p>`;
}

/** The words of one load; only one of them is in sight. */
function sceneSection(scene: Scene, index: number, noun: string): Html {
  return html`<div class="scene" id="words-${index}"${index === 0 ? trusted('') : trusted(' hidden')}>
<p class="lead">${scene.lead}</p>
${answersSection(scene.answers, index)}
<section aria-labelledby="scores-${index}">
<h2 id="scores-${index}">Scores</h2>
${scoreTable(scene, index, noun)}
</section>
${scene.front.length === 0 ? trusted('') : front(scene, index, noun)}
</div>`;
}

/** More columns than these leave no room for an interval beside its value. */
const WIDE = 7;

function scoreTable({ trace, columns, entries }: Scene, index: number, noun: string): Html {
  const wide = columns.length > WIDE ? ' wide' : '';
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="scores-${index}">
<table class="scoretable${wide}">
<caption class="unseen">Scores on ${trace}</caption>
<thead><tr><th scope="col">${titled(noun)}</th>${columns.map(heading)}</tr></thead>
<tbody>${entries.map((entry) => line(entry, index))}</tbody>
</table>
</div>`;
}

function heading({ title, unit }: Column): Html {
  return html`<th scope="col">${title} <small>${unit}</small></th>`;
}

function line({ name, isPolicy, cells, picture: taken }: Entry, index: number): Html {
  const label =
    taken === undefined
      ? html`${name}`
      : html`<button type="button" data-scene="${index}" data-run="${name}">${name}</button>`;
  const mark = isPolicy ? trusted(' class="own"') : trusted('');
  return html`<tr${mark}><th scope="row">${label}</th>${cells.map(cell)}</tr>
`;
}

function cell({ value, spread }: Cell): Html {
  return html`<td>${value}${spread === undefined ? trusted('') : html` <small>±${spread}</small>`}</td>`;
}

function titled(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

function front(scene: Scene, index: number, noun: string): Html {
  return html`<section aria-labelledby="front-title-${index}">
<h2 id="front-title-${index}">Cost against overload</h2>
<p class="range">Each ${noun}${noun === 'scaler' ? ' at every setting' : ''} that was played: further left is cheaper, further down is less overloaded. Drag to zoom, double-click for all of it.</p>
<figure id="front-${index}" class="front">
<div class="legend"></div>
<div class="plot" tabindex="0" role="application" aria-roledescription="chart" aria-label="Cost against overload; arrow keys step through the points"></div>
<p class="now" role="status"></p>
</figure>
<details><summary>The points as a table</summary>
<div class="scroll" tabindex="0"><table class="scoretable">
<thead><tr><th scope="col">${titled(noun)}</th><th scope="col">Setting</th><th scope="col">Cost <small>× oracle</small></th><th scope="col">Overloaded <small>of the requests</small></th></tr></thead>
<tbody>${scene.front.flatMap(frontLines)}</tbody>
</table></div></details>
</section>`;
}

function frontLines({ name, points }: FrontLine): readonly Html[] {
  return points.map(
    ({ cost, overload, setting }) =>
      html`<tr><th scope="row">${name}</th><td>${setting}</td><td>${number(cost)}</td><td>${percent(overload)}</td></tr>
`,
  );
}

function picture(scenes: readonly Scene[]): Html {
  const thinned = scenes.some(({ entries }) =>
    entries.some(({ picture: taken }) => (taken?.columns.bucketMinutes ?? 1) > 1),
  )
    ? html`. Each point stands for several minutes and shows their smallest and largest value.`
    : trusted('');
  return html`<section aria-labelledby="picture-title" id="picture">
<div class="bar">
<h2 id="picture-title">The run of <label class="unseen" for="run">scaler</label><select id="run"></select></h2>
${moves()}
</div>
${hints(thinned)}
<figure id="chart-strips" class="strips">
<figcaption><b>Above capacity</b> <span>when each of them was; tap a line to see its run</span></figcaption>
<div class="plot" role="img" aria-label="When each of them was above its capacity; the table of scores has how much that was"></div>
</figure>
${charts()}
</section>`;
}

function policies({ policies: all }: Comparison): Html {
  return html`<section aria-labelledby="policy-title">
<h2 id="policy-title">${all.length === 1 ? 'Policy' : 'Policies'}</h2>
${all.map(
  ({ file, text }) => html`<p class="range">${file}</p>
<pre tabindex="0">${text}</pre>
`,
)}
</section>`;
}
