// The chart of cost against overload in the page: drawn once its load is in sight, pointed at, and walked by keys.
import { colour } from '../../browser/theme.js';
import { createScatter, scatterSize, tableOf } from './scatter.js';

/** @typedef {import('./scatter.js').FrontLine} FrontLine */
/** @typedef {import('./scatter.js').Spot} Spot */

/**
 * @param {HTMLElement} figure
 * @param {FrontLine[]} lines
 */
export function showFront(figure, lines) {
  const place = /** @type {HTMLElement} */ (figure.querySelector('.plot'));
  const legend = /** @type {HTMLElement} */ (figure.querySelector('.legend'));
  const words = /** @type {HTMLElement} */ (figure.querySelector('.now'));
  /** @param {Spot | undefined} spot */
  const say = (spot) => {
    words.textContent = spot === undefined ? 'Point at the chart to read a setting.' : sentence(spot, lines);
  };
  say(undefined);
  const chart = createScatter(place, legend, lines, say);
  const { spots } = tableOf(lines);
  let at = -1;
  place.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    at = Math.min(Math.max(at + step, 0), spots.length - 1);
    say(spots[at]);
    ring(chart, spots[at]);
  });
  new ResizeObserver(() => chart.setSize(scatterSize(place))).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.redraw());
}

/** @param {Spot} spot @param {FrontLine[]} lines */
function sentence({ line, cost, overload, setting }, lines) {
  const { name = '' } = lines[line] ?? {};
  const at = setting === '' ? '' : ` at ${setting}`;
  return `${name}${at}: ${cost.toFixed(2)} times the cost of the oracle, overloaded for ${Number(overload.toPrecision(2))} % of the requests`;
}

/** A ring around a point that was reached by keys. @param {uPlot} chart @param {Spot | undefined} spot */
function ring(chart, spot) {
  chart.redraw(false, false);
  if (spot === undefined) return;
  const { ctx } = chart;
  ctx.save();
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.strokeStyle = colour('focus');
  ctx.beginPath();
  const [x, y] = [chart.valToPos(spot.cost, 'x', true), chart.valToPos(spot.overload, 'y', true)];
  ctx.arc(x, y, 9 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.restore();
}
