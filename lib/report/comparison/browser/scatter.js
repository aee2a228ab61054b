// Cost against overload: a line for each scaler, a point for each of its settings.
import { colour, FONT, NARROW } from '../../browser/theme.js';

/** @typedef {{ name: string, isPolicy: boolean, joined: boolean, points: { cost: number, overload: number, setting: string }[] }} FrontLine */
/** @typedef {{ line: number, cost: number, overload: number, setting: string }} Spot one point, and whose it is */

/** Below so many percent the axis runs evenly, above it by powers: both 0 and 20 % have room. */
const EVEN = 0.05;
const TICKS = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
const HUES = ['load', 'in-service', 'overload', 'cpu', 'running', 'in', 'out', 'muted'];

/** @param {number} line */
export function hueOf(line) {
  return colour(HUES[line % HUES.length] ?? 'ink');
}

/** @param {number} line */
function dashOf(line) {
  return line < HUES.length ? undefined : [5, 3];
}

/**
 * The points of all lines in one table, as the chart wants it: ascending in cost, a column for each line.
 * @param {FrontLine[]} lines
 */
export function tableOf(lines) {
  const spots = lines.flatMap(({ points }, line) => points.map((point) => ({ line, ...point })));
  spots.sort((a, b) => a.cost - b.cost);
  const columns = lines.map((_, line) => spots.map((spot) => (spot.line === line ? spot.overload : null)));
  return { spots, data: /** @type {uPlot.AlignedData} */ ([spots.map(({ cost }) => cost), ...columns]) };
}

/**
 * @param {HTMLElement} place
 * @param {HTMLElement} legend
 * @param {FrontLine[]} lines
 * @param {(spot: Spot | undefined) => void} pointed
 */
export function createScatter(place, legend, lines, pointed) {
  const { spots, data } = tableOf(lines);
  const most = Math.max(EVEN, ...spots.map(({ overload }) => overload));
  const costs = spots.map(({ cost }) => cost);
  const room = Math.max(0.05, (Math.max(...costs) - Math.min(...costs)) * 0.06);
  /** @type {uPlot.Range.MinMax} */
  const whole = [Math.min(...costs) - room, Math.max(...costs) + room];
  return new uPlot(
    {
      ...scatterSize(place),
      padding: [12, 24, 0, 0],
      scales: {
        x: { time: false, range: (_chart, from, to) => (isWhole(costs, from, to) ? whole : [from, to]) },
        y: { distr: 4, asinh: EVEN, range: () => overloadRange(most) },
      },
      axes: [
        plainAxis({ values: (_chart, splits) => splits.map((cost) => `${Math.round(cost * 100) / 100} ×`), size: 36 }),
        overloadAxis(most),
      ],
      series: [
        { label: 'Cost', value: (_chart, cost) => (cost === null ? '' : `${cost.toFixed(2)} ×`) },
        ...lines.map(lineSeries),
      ],
      legend: { live: false, mount: (_chart, table) => legend.append(table), markers: { width: 2 } },
      cursor: { drag: { x: true, y: false, dist: 4 }, y: false, points: { size: 9, width: 2 } },
      hooks: {
        draw: [(chart) => drawOwn(chart, lines)],
        setCursor: [({ cursor }) => pointed((cursor.left ?? -1) < 0 ? undefined : spots[cursor.idx ?? -1])],
      },
    },
    data,
    place,
  );
}

/** @param {number[]} costs @param {number} from @param {number} to */
function isWhole(costs, from, to) {
  return from <= Math.min(...costs) && to >= Math.max(...costs);
}

/** @param {HTMLElement} place */
export function scatterSize(place) {
  const width = place.clientWidth;
  return { width, height: width < NARROW ? 260 : 320 };
}

/** @param {Partial<uPlot.Axis>} rest @returns {uPlot.Axis} */
function plainAxis(rest) {
  const lines = { stroke: () => colour('grid'), width: 1 };
  return { stroke: () => colour('muted'), font: FONT, grid: lines, ticks: { show: false }, ...rest };
}

/** Labels closer than this would touch, in CSS pixels. */
const LABEL = 16;
/** What the chart's height has beside its plot: the axis below and the padding above. */
const AROUND = 48;

/** @param {number} most */
function overloadAxis(most) {
  return plainAxis({
    splits: ({ height }) => spacedTicks(most, height - AROUND),
    // Without one of its own the chart leaves labels out as if the powers of ten were all that mattered.
    filter: (_chart, splits) => splits,
    values: (_chart, splits) => splits.map((tick) => `${tick} %`),
    size: 54,
    gap: 6,
  });
}

/**
 * From zero up, each far enough from the one before.
 * @param {number} most the largest overload
 * @param {number} height of the plot, in CSS pixels
 */
function spacedTicks(most, height) {
  const [bottom, top] = overloadRange(most).map((overload) => Math.asinh(overload / EVEN));
  const pixelsPerUnit = height / ((top ?? 1) - (bottom ?? 0));
  /** @type {number[]} */
  const kept = [];
  for (const tick of TICKS) {
    const before = kept.at(-1);
    const isClear =
      before === undefined || (Math.asinh(tick / EVEN) - Math.asinh(before / EVEN)) * pixelsPerUnit >= LABEL;
    if (tick <= most * 1.3 && isClear) kept.push(tick);
  }
  return kept;
}

/** @param {number} most @returns {[number, number]} */
function overloadRange(most) {
  return [-EVEN / 4, most * 1.3];
}

/** @param {FrontLine} line @param {number} index @returns {uPlot.Series} */
function lineSeries({ name, isPolicy, joined }, index) {
  const dash = dashOf(index);
  return {
    label: name,
    stroke: () => (isPolicy ? colour('ink') : hueOf(index)),
    width: joined ? 1.5 : 0,
    spanGaps: true,
    points: { show: true, size: isPolicy ? 10 : 6, fill: () => (isPolicy ? colour('ink') : hueOf(index)) },
    value: (_chart, overload) => (overload === null ? '' : `${overload.toPrecision(2)} %`),
    ...(dash === undefined ? {} : { dash }),
  };
}

/** Names the policies at their points. @param {uPlot} chart @param {FrontLine[]} lines */
function drawOwn(chart, lines) {
  const { ctx } = chart;
  ctx.save();
  ctx.font = FONT.replace('12px', `600 ${13 * devicePixelRatio}px`);
  ctx.textBaseline = 'bottom';
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = colour('card');
  ctx.fillStyle = colour('ink');
  for (const { name, isPolicy, points } of lines) {
    const [point] = points;
    if (!isPolicy || point === undefined) continue;
    const x = chart.valToPos(point.cost, 'x', true);
    const y = chart.valToPos(point.overload, 'y', true) - 8 * devicePixelRatio;
    ctx.textAlign = x > chart.bbox.left + chart.bbox.width / 2 ? 'right' : 'left';
    ctx.strokeText(name, x, y);
    ctx.fillText(name, x, y);
  }
  ctx.restore();
}
