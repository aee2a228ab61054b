// Axes and scales that the charts share, so that one minute stands at one place in all of them.
import { axisLabels, DAY } from './moment.js';
import { colour, FONT, NARROW, short } from './theme.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 14, 28, 56, 112, 224, 448].map((n) => n * DAY),
];

/** Whole steps of tasks only: nobody runs half a task. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

const lines = { stroke: () => colour('grid'), width: 1 };

/** @returns {uPlot.Axis} */
export function timeAxis() {
  return {
    stroke: () => colour('muted'),
    font: FONT,
    grid: { show: false },
    ticks: { ...lines, size: 5 },
    border: { show: true, ...lines },
    size: 44,
    space: 84,
    incrs: STEPS,
    values: (_chart, splits, _axis, _space, step) => axisLabels(splits, step),
  };
}

/**
 * @param {{ whole?: boolean }} [options]
 * @returns {uPlot.Axis}
 */
export function valueAxis({ whole = false } = {}) {
  return {
    stroke: () => colour('muted'),
    font: FONT,
    grid: lines,
    ticks: { show: false },
    size: (chart) => (chart.width < NARROW ? 46 : 54),
    gap: 6,
    space: 34,
    ...(whole ? { incrs: WHOLE } : {}),
    values: (_chart, splits) => splits.map(short),
  };
}

/**
 * From zero to a little above the largest value in sight.
 * @param {{ atLeast: number, above: number }} room `above`: share of the height left free
 * @returns {uPlot.Scale}
 */
export function fromZero({ atLeast, above }) {
  return { range: (_chart, _smallest, largest) => [0, Math.max(largest ?? 0, atLeast) * (1 + above)] };
}

/**
 * All data in sight means the whole run, to the end of its last minute.
 * @param {{ from: number, to: number }} whole epoch seconds
 * @returns {uPlot.Scale}
 */
export function timeScale({ from, to }) {
  return {
    time: true,
    range: (chart, first, last) => {
      const lastRow = chart.data[0]?.at(-1) ?? to;
      return (first ?? from) <= from && (last ?? to) >= lastRow ? [from, to] : [first, last];
    },
  };
}
