// The charts of a replay: grey is what really was, colour is what would have been.
import { fromZero } from '../../browser/axes.js';
import { chart, count, line, percent, stepped } from '../../browser/charts.js';
import { drawDecisions, drawThresholds, nameThresholds, shadeGaps, shadeOverload } from '../../browser/marks.js';
import { colour } from '../../browser/theme.js';
import { values } from '../../browser/unpack.js';

/** @typedef {import('../../browser/unpack.js').Shown} Shown */
/** @typedef {import('../../browser/unpack.js').Values} Values */
/** @typedef {{ desired: Values, tasks: Values, cpu: Values, above: Values }} Real */
/** @typedef {Shown & { real: Real }} Replayed */

/**
 * @param {any} payload see `payload.ts`
 * @returns {Replayed}
 */
export function replayedOf({ at, columns, bounds, thresholds, decisions, decisionsLeftOut, holds }) {
  const tasks = values(columns.tasks);
  return {
    at: /** @type {number[]} */ (values(at)),
    load: values(columns.needed),
    capacity: tasks,
    above: values(columns.above),
    desired: values(columns.desired),
    running: tasks,
    inService: tasks,
    cpu: values(columns.cpu),
    real: {
      desired: values(columns.realDesired),
      tasks: values(columns.realTasks),
      cpu: values(columns.realCpu),
      above: values(columns.realAbove),
    },
    ...{ bounds, thresholds, decisions, decisionsLeftOut, holds },
  };
}

/** @typedef {import('../../browser/charts.js').Choice} Choice */

/**
 * As `createCharts` of a run.
 * @param {Shown} run
 * @param {import('../../browser/view.js').View} view
 * @param {Choice} choice
 * @returns {uPlot[]}
 */
export function createReplayCharts(run, view, choice) {
  const shown = /** @type {Replayed} */ (run);
  /** @param {uPlot} drawn */
  const shade = (drawn) => {
    shadeGaps(drawn, shown);
    shadeOverload(drawn, shown);
  };
  const figure = /** @type {HTMLElement} */ (document.querySelector('#chart-cpu'));
  figure.hidden = shown.cpu.every((value) => value === null);
  const charts = [loadChart(shown, view, shade), tasksChart(shown, view, choice, shade)];
  return figure.hidden ? charts : [...charts, cpuChart(shown, view, shade)];
}

const grey = { width: 1.25, paths: stepped, value: count };

/** @param {Replayed} shown @param {import('../../browser/view.js').View} view @param {(drawn: uPlot) => void} shade */
function loadChart({ at, load, above, inService, real, bounds }, view, shade) {
  return chart('load', view, {
    data: [at, load, real.tasks, inService, load.map((value, index) => ((above[index] ?? 0) > 0 ? value : null))],
    series: [
      line('Load', 'load', { width: 1.5, fill: () => colour('load-fill'), value: count }),
      line('Tasks, really', 'real', grey),
      line('Tasks, would have been', 'in-service', { width: 1.5, paths: stepped, value: count }),
      line('Too few', 'overload', {
        width: 0,
        fill: () => colour('overload'),
        value: (_chart, _load, _series, index) => count(_chart, index === null ? null : (above[index] ?? null)),
      }),
    ],
    bands: [{ series: [4, 3], fill: () => colour('overload-fill') }],
    y: fromZero({ atLeast: bounds.min + 1, above: 0.08 }),
    shade,
  });
}

/**
 * @param {Replayed} shown
 * @param {import('../../browser/view.js').View} view
 * @param {Choice} choice
 * @param {(drawn: uPlot) => void} shade
 */
function tasksChart(shown, view, choice, shade) {
  const { at, desired, real, bounds } = shown;
  return chart('tasks', view, {
    data: [at, real.desired, desired],
    series: [
      line('Really', 'real', { ...grey, width: 1.5 }),
      line('Would have been', 'ink', { width: 1.75, paths: stepped, value: count }),
    ],
    y: fromZero({ atLeast: bounds.min + 1, above: 0.14 }),
    whole: true,
    shade,
    draw: (drawn) => drawDecisions(drawn, shown, choice.chosen),
  });
}

/** @param {Replayed} shown @param {import('../../browser/view.js').View} view @param {(drawn: uPlot) => void} shade */
function cpuChart(shown, view, shade) {
  const { at, cpu, real } = shown;
  return chart('cpu', view, {
    data: [at, real.cpu, cpu],
    series: [
      line('Really', 'real', { width: 1.25, value: percent }),
      line('Would have been', 'cpu', { width: 1.5, value: percent }),
    ],
    y: fromZero({ atLeast: 100, above: 0.04 }),
    shade,
    draw: (drawn) => nameThresholds(drawn, shown),
    drawUnder: (drawn) => drawThresholds(drawn, shown),
  });
}
