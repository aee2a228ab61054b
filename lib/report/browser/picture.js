// A run in the page: the charts that follow the view, pointing, keys and buttons.
import { createCharts, sizeOf } from './charts.js';
import { listDecisions } from './decisions.js';
import { moment, span } from './moment.js';
import { because, change, createTooltip } from './tooltip.js';

/** @typedef {import('./unpack.js').Shown} Shown */
/** @typedef {import('./unpack.js').Decision} Decision */
/** @typedef {import('./view.js').View} View */

/** How near to a decision one must point, in CSS pixels. */
const NEAR = 10;

/** @param {string} selector @returns {HTMLElement} */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** The stretch of a run, to the end of its last minute. @param {Shown} shown @returns {import('./view.js').Span} */
export function wholeOf({ at }) {
  const step = (at[1] ?? 60) - (at[0] ?? 0);
  return { from: at[0] ?? 0, to: (at.at(-1) ?? 0) + step };
}

export class Picture {
  /**
   * @param {Shown} shown
   * @param {View} view
   * @param {AbortSignal} ended takes the picture out of the page again
   * @param {typeof createCharts} [create] other charts than those of a run; one of them is of tasks
   */
  constructor(shown, view, ended, create = createCharts) {
    /** @type {{ chosen: Decision | undefined }} */
    this.choice = { chosen: undefined };
    this.shown = shown;
    this.view = view;
    this.charts = create(shown, view, this.choice);
    this.tasks = /** @type {uPlot} */ (this.charts.find(({ root }) => root.closest('#chart-tasks') !== null));
    this.tooltip = createTooltip(this.tasks);
    view.onChange((span) => this.follow(span), ended);
    for (const chart of this.charts) this.listenTo(chart, ended);
    this.listenToButtons(ended);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', () => this.redraw(), { signal: ended });
    listDecisions(shown, view, (decision) => this.jumpTo(decision), ended);
    this.showRange();
  }

  /** @param {Decision | undefined} decision */
  point(decision) {
    if (decision === this.choice.chosen) return;
    this.choice.chosen = decision;
    this.tasks.redraw(false, false);
    this.tooltip.show(decision);
  }

  /** @param {Decision} decision */
  choose(decision) {
    this.view.reveal(decision[0]);
    this.point(decision);
    const [at, from, to, outcome] = decision;
    find('#spoken').textContent = `${moment(at)}, ${change(from, to, outcome)}: ${because(decision)}`;
  }

  /** @param {Decision} decision */
  jumpTo(decision) {
    this.choose(decision);
    find('#chart-tasks').scrollIntoView({ block: 'center' });
  }

  /** @param {uPlot} chart */
  pointed(chart) {
    const { left = -1, idx } = chart.cursor;
    if (left < 0 || idx === null || idx === undefined) return;
    const at = chart.posToVal(left, 'x');
    const reach = chart.posToVal(left + NEAR, 'x') - at;
    const near = this.shown.decisions.filter(([when]) => Math.abs(when - at) <= reach);
    this.point(near.toSorted(([one], [other]) => Math.abs(one - at) - Math.abs(other - at))[0]);
    find('#now').textContent = this.sentenceAt(this.shown.at[idx] ?? at);
  }

  /** The newest sentence at a minute, whether it changed anything or not. @param {number} at */
  sentenceAt(at) {
    const until = at + 60;
    const act = this.shown.decisions.findLast(([when]) => when < until);
    const hold = this.shown.holds.findLast(([when]) => when < until);
    if (act !== undefined && (hold === undefined || act[0] > hold[0])) return `${moment(act[0])} · ${act[4]}`;
    return hold === undefined ? moment(at) : `${moment(hold[0])} · ${hold[1]}`;
  }

  /** @param {1 | -1} direction */
  walk(direction) {
    const { decisions } = this.shown;
    const { from, to } = this.view.span;
    const { chosen } = this.choice;
    const firstInSight =
      direction === 1 ? decisions.findIndex(([at]) => at >= from) : decisions.findLastIndex(([at]) => at <= to);
    const decision = decisions[chosen === undefined ? firstInSight : decisions.indexOf(chosen) + direction];
    if (decision !== undefined) this.choose(decision);
  }

  /** @param {import('./view.js').Span} span */
  follow({ from, to }) {
    for (const chart of this.charts) {
      const { min, max } = chart.scales.x ?? {};
      if (min !== from || max !== to) chart.setScale('x', { min: from, max: to });
    }
    this.point(undefined);
    this.showRange();
  }

  showRange() {
    find('#range').textContent = span(this.view.span.from, this.view.span.to);
  }

  redraw() {
    for (const chart of this.charts) chart.redraw();
  }

  /**
   * @param {uPlot} chart
   * @param {AbortSignal} ended
   */
  listenTo(chart, ended) {
    chart.hooks.setCursor = [(it) => this.pointed(it)];
    chart.over.addEventListener('mouseleave', () => this.point(undefined), { signal: ended });
    const place = /** @type {HTMLElement} */ (chart.root.parentElement);
    place.addEventListener('keydown', (event) => this.press(event), { signal: ended });
    const resized = new ResizeObserver(() => chart.setSize(sizeOf(place)));
    resized.observe(place);
    const end = () => {
      resized.disconnect();
      chart.destroy();
    };
    ended.addEventListener('abort', end, { once: true });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const act = KEYS[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(this);
  }

  /** @param {AbortSignal} ended */
  listenToButtons(ended) {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('button[data-move]'))) {
      button.addEventListener('click', () => BUTTONS[button.dataset.move ?? '']?.(this.view), { signal: ended });
    }
  }
}

/** @type {Record<string, (picture: Picture) => void>} */
const KEYS = {
  ArrowLeft: (picture) => picture.walk(-1),
  ArrowRight: (picture) => picture.walk(1),
  '+': ({ view }) => view.zoom(0.5),
  '=': ({ view }) => view.zoom(0.5),
  '-': ({ view }) => view.zoom(2),
  0: ({ view }) => view.showWhole(),
  Escape: (picture) => picture.point(undefined),
};

/** @type {Record<string, (view: View) => void>} */
const BUTTONS = {
  earlier: (view) => view.move(-0.5),
  later: (view) => view.move(0.5),
  in: (view) => view.zoom(0.5),
  out: (view) => view.zoom(2),
  whole: (view) => view.showWhole(),
};
