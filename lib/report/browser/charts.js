// Three charts over one stretch of time: what came, how many tasks stood against it, and how hard they worked.
import { fromZero, timeAxis, timeScale, valueAxis } from './axes.js';
import { drawDecisions, drawThresholds, nameThresholds, shadeGaps, shadeOverload } from './marks.js';
import { moment } from './moment.js';
import { colour, NARROW, short } from './theme.js';

/** @typedef {import('./unpack.js').Shown} Shown */
/** @typedef {import('./unpack.js').Decision} Decision */
/** @typedef {import('./view.js').View} View */
/** @typedef {{ chosen: Decision | undefined }} Choice */

const SYNC = 'run';
/** Counts hold until they change. */
export const stepped = /** @type {uPlot.Series.SteppedPathBuilderFactory} */ (uPlot.paths.stepped)({ align: 1 });

/**
 * @param {Shown} shown
 * @param {View} view
 * @param {Choice} choice
 * @returns {uPlot[]} load, tasks, cpu
 */
export function createCharts(shown, view, choice) {
  const { at, load, capacity, above, desired, running, inService, cpu, bounds } = shown;
  /** @param {uPlot} drawn */
  const shade = (drawn) => {
    shadeGaps(drawn, shown);
    shadeOverload(drawn, shown);
  };
  return [
    chart('load', view, {
      data: [at, load, capacity, load.map((value, index) => ((above[index] ?? 0) > 0 ? value : null))],
      series: [
        line('Load', 'load', { width: 1.75, fill: () => colour('load-fill'), value: rate }),
        line('Capacity', 'in-service', { width: 1.5, paths: stepped, value: rate }),
        line('Above capacity', 'overload', {
          width: 0,
          fill: () => colour('overload'),
          value: (_chart, _load, _series, index) => rate(_chart, index === null ? null : (above[index] ?? null)),
        }),
      ],
      bands: [{ series: [3, 2], fill: () => colour('overload-fill') }],
      y: fromZero({ atLeast: 0.001, above: 0.06 }),
      shade,
    }),
    chart('tasks', view, {
      data: [at, inService, running, desired],
      series: [
        line('In service', 'in-service', {
          width: 1,
          paths: stepped,
          fill: () => colour('in-service-fill'),
          value: count,
        }),
        line('Running', 'running', { width: 1.5, paths: stepped, value: count }),
        line('Desired', 'ink', { width: 1.5, paths: stepped, dash: [5, 3], value: count }),
      ],
      y: fromZero({ atLeast: bounds.min + 1, above: 0.14 }),
      whole: true,
      shade,
      draw: (drawn) => drawDecisions(drawn, shown, choice.chosen),
    }),
    chart('cpu', view, {
      data: [at, cpu],
      series: [line('CPU', 'cpu', { width: 1.75, value: percent })],
      y: fromZero({ atLeast: 100, above: 0.04 }),
      shade,
      draw: (drawn) => nameThresholds(drawn, shown),
      drawUnder: (drawn) => drawThresholds(drawn, shown),
    }),
  ];
}

/**
 * @typedef {object} Options
 * @property {uPlot.AlignedData} data
 * @property {uPlot.Series[]} series
 * @property {uPlot.Scale} y
 * @property {uPlot.Band[]} [bands]
 * @property {(chart: uPlot) => void} shade
 * @property {boolean} [whole]
 * @property {(chart: uPlot) => void} [draw]
 * @property {(chart: uPlot) => void} [drawUnder]
 */

/**
 * @param {string} name
 * @param {View} view
 * @param {Options} options
 */
export function chart(name, view, { data, series, y, bands = [], whole = false, shade, draw, drawUnder }) {
  const place = /** @type {HTMLElement} */ (document.querySelector(`#chart-${name} .plot`));
  const legend = /** @type {HTMLElement} */ (document.querySelector(`#chart-${name} .legend`));
  return new uPlot(
    {
      ...sizeOf(place),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      padding: [8, 32, 0, 0],
      scales: { x: { ...timeScale(view.whole), min: view.span.from, max: view.span.to }, y },
      axes: [timeAxis(), valueAxis({ whole })],
      series: [{ label: 'Time', value: (_chart, at) => (at === null ? '' : moment(at)) }, ...series],
      bands,
      legend: {
        mount: (_chart, table) => legend.append(table),
        markers: { width: 2, dash: (_chart, index) => (series[index - 1]?.dash === undefined ? 'solid' : 'dashed') },
      },
      cursor: {
        drag: { x: true, y: false, dist: 4 },
        y: false,
        points: { size: 7, width: 1.5 },
        sync: { key: SYNC, setSeries: false, scales: ['x', null], filters: { pub: isPointing, sub: isPointing } },
      },
      hooks: {
        setScale: [(it, scale) => scale === 'x' && followZoom(it, view)],
        drawClear: [shade],
        drawAxes: drawUnder === undefined ? [] : [drawUnder],
        draw: draw === undefined ? [] : [draw],
      },
    },
    data,
    place,
  );
}

/** Only pointing is shared as it happens; the zoom is shared through the view. @param {string} type */
function isPointing(type) {
  return type === 'mousemove' || type === 'mouseleave';
}

/**
 * @param {uPlot} chart
 * @param {View} view
 */
function followZoom(chart, view) {
  const { min, max } = chart.scales.x ?? {};
  if (typeof min === 'number' && typeof max === 'number') view.show({ from: min, to: max });
}

/**
 * @param {string} label
 * @param {string} paint
 * @param {Partial<uPlot.Series>} rest
 * @returns {uPlot.Series}
 */
export function line(label, paint, rest) {
  return { label, stroke: () => colour(paint), points: { show: false }, ...rest };
}

/**
 * @param {uPlot} _chart
 * @param {number | null} value
 */
function rate(_chart, value) {
  return value === null ? '–' : `${short(value)}/s`;
}

/**
 * @param {uPlot} _chart
 * @param {number | null} value
 */
export function count(_chart, value) {
  return value === null ? '–' : short(value);
}

/**
 * @param {uPlot} _chart
 * @param {number | null} value
 */
export function percent(_chart, value) {
  return value === null ? '–' : `${short(value)} %`;
}

/** @param {HTMLElement} place */
export function sizeOf(place) {
  const width = place.clientWidth;
  return { width, height: width < NARROW ? 190 : 230 };
}
