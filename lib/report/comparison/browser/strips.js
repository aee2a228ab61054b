// When each scaler was above its capacity: a line each over the same time as the charts below.
import { timeAxis, timeScale, valueAxis } from '../../browser/axes.js';
import { colour, FONT } from '../../browser/theme.js';

/** @typedef {import('../../browser/view.js').View} View */
/** @typedef {{ name: string, above: (number | null)[] }} Strip */

const LINE = 30;
const BAR = 9;

/**
 * @param {number[]} at epoch seconds
 * @param {Strip[]} strips
 * @param {View} view
 * @param {{ chosen: () => string, choose: (name: string) => void }} run
 * @param {AbortSignal} ended
 */
export function showStrips(at, strips, view, run, ended) {
  const place = /** @type {HTMLElement} */ (document.querySelector('#chart-strips .plot'));
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height: strips.length * LINE + 60,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      padding: [4, 32, 0, 0],
      scales: { x: timeScale(view.whole), y: { range: () => [0, 1] } },
      axes: [timeAxis(), { ...valueAxis(), values: () => [], grid: { show: false } }],
      series: [{}, { show: false }],
      legend: { show: false },
      cursor: { drag: { x: true, y: false, dist: 4 }, y: false, points: { show: false } },
      hooks: {
        setScale: [(it, scale) => scale === 'x' && zoomed(it, view)],
        draw: [(it) => drawStrips(it, at, strips, run.chosen())],
      },
    },
    [at, at.map(() => null)],
    place,
  );
  chart.over.addEventListener('click', ({ offsetY }) => {
    const strip = strips[Math.floor(offsetY / LINE)];
    if (strip !== undefined) run.choose(strip.name);
  });
  view.onChange(({ from, to }) => {
    const { min, max } = chart.scales.x ?? {};
    if (min !== from || max !== to) chart.setScale('x', { min: from, max: to });
  }, ended);
  const resized = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: chart.height }));
  resized.observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.redraw(), { signal: ended });
  const end = () => {
    resized.disconnect();
    chart.destroy();
  };
  ended.addEventListener('abort', end, { once: true });
  return chart;
}

/** @param {uPlot} chart @param {View} view */
function zoomed(chart, view) {
  const { min, max } = chart.scales.x ?? {};
  if (typeof min === 'number' && typeof max === 'number') view.show({ from: min, to: max });
}

/**
 * @param {uPlot} chart
 * @param {number[]} at
 * @param {Strip[]} strips
 * @param {string} chosen
 */
function drawStrips(chart, at, strips, chosen) {
  const step = (at[1] ?? 60) - (at[0] ?? 0);
  for (const [index, strip] of strips.entries()) drawStrip(chart, at, step, strip, index, chosen === strip.name);
}

/**
 * @param {uPlot} chart
 * @param {number[]} at
 * @param {number} step
 * @param {Strip} strip
 * @param {number} index
 * @param {boolean} chosen
 */
function drawStrip(chart, at, step, { name, above }, index, chosen) {
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  const top = bbox.top + index * LINE * pixel;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  /** @param {number} first @param {number} last */
  const bar = (first, last) => {
    const left = chart.valToPos(at[first] ?? 0, 'x', true);
    const right = chart.valToPos((at[last] ?? 0) + step, 'x', true);
    ctx.fillRect(left, top + 17 * pixel, Math.max(right - left, 2 * pixel), BAR * pixel);
  };
  // Where nobody knows, there is no bar: it would say that all was well.
  ctx.fillStyle = colour('grid');
  eachStretch(above, (value) => value !== null, bar);
  ctx.fillStyle = colour('overload');
  eachStretch(above, (value) => (value ?? 0) > 0, bar);
  ctx.font = FONT.replace('12px', `${chosen ? '600 ' : ''}${12 * pixel}px`);
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  ctx.fillStyle = colour(chosen ? 'ink' : 'muted');
  ctx.fillText(chosen ? `▸ ${name}` : name, bbox.left, top + 2 * pixel);
  ctx.restore();
}

/**
 * @param {(number | null)[]} values
 * @param {(value: number | null) => boolean} holds
 * @param {(first: number, last: number) => void} found
 */
function eachStretch(values, holds, found) {
  let first = -1;
  for (const [index, value] of values.entries()) {
    const isIn = holds(value);
    if (isIn && first < 0) first = index;
    if (first >= 0 && !isIn) found(first, index - 1);
    if (!isIn) first = -1;
  }
  if (first >= 0) found(first, values.length - 1);
}
