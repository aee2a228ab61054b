// What is drawn beside the lines: overload, gaps, thresholds, decisions.
import { colour, FONT } from './theme.js';

/** @typedef {import('./unpack.js').Shown} Shown */
/** @typedef {import('./unpack.js').Decision} Decision */

/**
 * Minutes above capacity are shaded over the whole height, and never thinner than two pixels: one minute of a month still shows.
 * @param {uPlot} chart
 * @param {Shown} shown
 */
export function shadeOverload(chart, { at, above }) {
  shade(chart, at, (index) => (above[index] ?? 0) > 0, colour('overload-shade'), 2);
}

/**
 * Minutes for which the trace has no value.
 * @param {uPlot} chart
 * @param {Shown} shown
 */
export function shadeGaps(chart, { at, load }) {
  shade(chart, at, (index) => load[index] === null, colour('gap-shade'), 1);
}

/**
 * @param {uPlot} chart
 * @param {number[]} at
 * @param {(index: number) => boolean} isInside
 * @param {string} fill
 * @param {number} thinnest in CSS pixels
 */
function shade(chart, at, isInside, fill, thinnest) {
  const { ctx, bbox } = chart;
  const step = (at[1] ?? 60) - (at[0] ?? 0);
  const first = Math.max(0, chart.valToIdx(chart.scales.x?.min ?? 0) - 1);
  const last = Math.min(at.length - 1, chart.valToIdx(chart.scales.x?.max ?? 0) + 1);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = fill;
  for (let index = first; index <= last; index += 1) {
    if (!isInside(index)) continue;
    const start = index;
    while (index < last && isInside(index + 1)) index += 1;
    const left = chart.valToPos(at[start] ?? 0, 'x', true);
    const right = chart.valToPos((at[index] ?? 0) + step, 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(right - left, thinnest * devicePixelRatio), bbox.height);
  }
  ctx.restore();
}

/**
 * Dashed lines, under what was measured.
 * @param {uPlot} chart
 * @param {Shown} shown
 */
export function drawThresholds(chart, { thresholds }) {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const { side, value } of thresholds) {
    const y = chart.valToPos(value, 'y', true);
    ctx.strokeStyle = paintOf(side);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * The words of the dashed lines, over what was measured.
 * @param {uPlot} chart
 * @param {Shown} shown
 */
export function nameThresholds(chart, { thresholds }) {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.font = FONT.replace('12px', `${12 * devicePixelRatio}px`);
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'left';
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colour('card');
  for (const { side, sign, value, rule } of thresholds) {
    const words = `${side === 'target' ? 'target' : `scale ${side} ${sign}`} ${value} % (${rule})`;
    const left = bbox.left + 6 * devicePixelRatio;
    const bottom = chart.valToPos(value, 'y', true) - 2 * devicePixelRatio;
    ctx.fillStyle = paintOf(side);
    ctx.strokeText(words, left, bottom);
    ctx.fillText(words, left, bottom);
  }
  ctx.restore();
}

/** @param {import('./unpack.js').Threshold['side']} side */
function paintOf(side) {
  return colour(side === 'target' ? 'muted' : side);
}

/** Fewer CSS pixels than this for each decision: triangles shrink, and then give way to ticks at the edges. */
const SNUG = 8;
const CROWDED = 3;

/**
 * A triangle at the count that was asked for: up for out, down for in, hollow where it was not done.
 * @param {uPlot} chart
 * @param {Shown} shown
 * @param {Decision | undefined} chosen
 */
export function drawDecisions(chart, { decisions }, chosen) {
  const { min = 0, max = 0 } = chart.scales.x ?? {};
  const inSight = decisions.filter(([at]) => at >= (min ?? 0) && at <= (max ?? 0));
  const room = chart.bbox.width / devicePixelRatio / inSight.length;
  chart.ctx.save();
  chart.ctx.lineWidth = 1.5 * devicePixelRatio;
  chart.ctx.lineJoin = 'round';
  for (const decision of inSight) {
    if (room < CROWDED) drawTick(chart, decision);
    else drawTriangle(chart, decision, (room < SNUG ? 3.5 : 5.5) * devicePixelRatio);
  }
  if (chosen !== undefined && inSight.includes(chosen)) drawTriangle(chart, chosen, 9 * devicePixelRatio);
  chart.ctx.restore();
}

/**
 * Out at the upper edge, in at the lower one.
 * @param {uPlot} chart
 * @param {Decision} decision
 */
function drawTick({ ctx, bbox, valToPos }, [at, from, to]) {
  const length = 7 * devicePixelRatio;
  ctx.fillStyle = colour(to >= from ? 'out' : 'in');
  ctx.fillRect(
    valToPos(at, 'x', true),
    to >= from ? bbox.top : bbox.top + bbox.height - length,
    devicePixelRatio,
    length,
  );
}

/**
 * @param {uPlot} chart
 * @param {Decision} decision
 * @param {number} size in canvas pixels
 */
function drawTriangle(chart, [at, from, to, outcome], size) {
  const { ctx } = chart;
  const x = chart.valToPos(at, 'x', true);
  const y = chart.valToPos(to, 'y', true);
  const point = to >= from ? -size : size;
  ctx.beginPath();
  ctx.moveTo(x, y + point);
  ctx.lineTo(x - size, y - point * 0.7);
  ctx.lineTo(x + size, y - point * 0.7);
  ctx.closePath();
  const paint = colour(to >= from ? 'out' : 'in');
  ctx.fillStyle = outcome === 'failed' ? colour('card') : paint;
  ctx.strokeStyle = outcome === 'failed' ? paint : colour('card');
  ctx.stroke();
  ctx.fill();
  if (outcome === 'failed') ctx.stroke();
}
