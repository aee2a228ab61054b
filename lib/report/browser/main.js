// Wires the page together: the view, the charts that follow it, pointing, keys and buttons.
import { createCharts, sizeOf } from './charts.js';
import { listDecisions } from './decisions.js';
import { moment, span } from './moment.js';
import { because, change, createTooltip } from './tooltip.js';
import { unpack } from './unpack.js';
import { createView } from './view.js';

/** @typedef {import('./unpack.js').Decision} Decision */

/** How near to a decision one must point, in CSS pixels. */
const NEAR = 10;

/** @param {string} selector @returns {HTMLElement} */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

const shown = await unpack(find('#run').textContent ?? '');
const step = (shown.at[1] ?? 60) - (shown.at[0] ?? 0);
const view = createView({ from: shown.at[0] ?? 0, to: (shown.at.at(-1) ?? 0) + step });
/** @type {{ chosen: Decision | undefined }} */
const choice = { chosen: undefined };
const charts = createCharts(shown, view, choice);
const tasks = /** @type {uPlot} */ (charts[1]);
const tooltip = createTooltip(tasks);

/** @param {Decision | undefined} decision */
function point(decision) {
  if (decision === choice.chosen) return;
  choice.chosen = decision;
  tasks.redraw(false, false);
  tooltip.show(decision);
}

/** @param {Decision} decision */
function choose(decision) {
  view.reveal(decision[0]);
  point(decision);
  const [at, from, to, outcome] = decision;
  find('#spoken').textContent = `${moment(at)}, ${change(from, to, outcome)}: ${because(decision)}`;
}

/** @param {uPlot} chart */
function pointed(chart) {
  const { left = -1, idx } = chart.cursor;
  if (left < 0 || idx === null || idx === undefined) return;
  const at = chart.posToVal(left, 'x');
  const reach = chart.posToVal(left + NEAR, 'x') - at;
  const near = shown.decisions.filter(([when]) => Math.abs(when - at) <= reach);
  point(near.toSorted(([one], [other]) => Math.abs(one - at) - Math.abs(other - at))[0]);
  find('#now').textContent = sentenceAt(shown.at[idx] ?? at);
}

/** The newest sentence at a minute, whether it changed anything or not. @param {number} at */
function sentenceAt(at) {
  const until = at + 60;
  const act = shown.decisions.findLast(([when]) => when < until);
  const hold = shown.holds.findLast(([when]) => when < until);
  if (act !== undefined && (hold === undefined || act[0] > hold[0])) return `${moment(act[0])} · ${act[4]}`;
  return hold === undefined ? moment(at) : `${moment(hold[0])} · ${hold[1]}`;
}

/** @param {1 | -1} direction */
function walk(direction) {
  const { decisions } = shown;
  const here = choice.chosen === undefined ? -1 : decisions.indexOf(choice.chosen);
  const first = decisions.findIndex(([at]) => at >= view.span.from);
  const next =
    here === -1 ? (direction === 1 ? first : decisions.findLastIndex(([at]) => at <= view.span.to)) : here + direction;
  const decision = decisions[next];
  if (decision !== undefined) choose(decision);
}

/** @type {Record<string, () => void>} */
const KEYS = {
  ArrowLeft: () => walk(-1),
  ArrowRight: () => walk(1),
  '+': () => view.zoom(0.5),
  '=': () => view.zoom(0.5),
  '-': () => view.zoom(2),
  0: () => view.showWhole(),
  Escape: () => point(undefined),
};

/** @type {Record<string, () => void>} */
const BUTTONS = {
  earlier: () => view.move(-0.5),
  later: () => view.move(0.5),
  in: () => view.zoom(0.5),
  out: () => view.zoom(2),
  whole: () => view.showWhole(),
};

function showRange() {
  find('#range').textContent = span(view.span.from, view.span.to);
}

view.onChange(({ from, to }) => {
  for (const chart of charts) {
    const { min, max } = chart.scales.x ?? {};
    if (min !== from || max !== to) chart.setScale('x', { min: from, max: to });
  }
  point(undefined);
  showRange();
});

for (const chart of charts) {
  chart.hooks.setCursor = [pointed];
  chart.over.addEventListener('mouseleave', () => point(undefined));
  const place = /** @type {HTMLElement} */ (chart.root.parentElement);
  place.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  new ResizeObserver(() => chart.setSize(sizeOf(place))).observe(place);
}
for (const button of document.querySelectorAll('button[data-move]')) {
  button.addEventListener('click', () => BUTTONS[/** @type {HTMLElement} */ (button).dataset.move ?? '']?.());
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const chart of charts) chart.redraw();
});
listDecisions(shown, view, (decision) => {
  choose(decision);
  find('#chart-tasks').scrollIntoView({ block: 'center' });
});
showRange();
document.body.dataset.ready = 'true';
