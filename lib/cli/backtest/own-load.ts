/** The service's own load as a trace, so that `schmitt simulate` and `schmitt tune` can play it: also where nothing may be ranked. */
import { countsOf, type History, MINUTE_MS } from '../../sim/backtest/history.ts';
import { MODEL_SIGNALS } from '../../sim/backtest/model-signals.ts';
import { ratePercentile, type SampledLoad, sampledLoad } from '../../sim/load.ts';
import { UTILISATION } from '../simulate/loads.ts';

export interface OwnLoad {
  /** `timestamp_s,value`: tasks that the load keeps wholly busy. A period that nobody knows has no row. */
  readonly csv: string;
  /** What gives the trace its real size again; null where no load is known. */
  readonly tasksAtP95: number | null;
}

export function ownLoad(history: History): OwnLoad {
  const load = loadOf(history);
  const p95 = ratePercentile(load, 0.95);
  const rows = [...load.values].flatMap((value, index) => {
    const seconds = load.startsAt / 1000 + index * load.stepSeconds;
    return Number.isNaN(value) ? [] : [`${seconds},${Number(value.toFixed(4))}\n`];
  });
  return {
    csv: `timestamp_s,value\n${rows.join('')}`,
    tasksAtP95: p95 === null || p95 === 0 ? null : Number((p95 / UTILISATION).toPrecision(4)),
  };
}

/** Utilisation times the tasks of that same datapoint. What idle tasks use of their CPU counts as load: nobody can tell it apart here. */
function loadOf(history: History): SampledLoad {
  const { from, to, service } = history;
  const { values = [], periodSeconds = 60 } = history.signals[MODEL_SIGNALS.cpu] ?? {};
  const { tasks } = countsOf(history);
  const stepMs = periodSeconds * 1000;
  const busy = new Float64Array(Math.floor((to - from) / stepMs)).fill(Number.NaN);
  for (const [at, percent, madeBy = tasks[Math.floor((at - from) / MINUTE_MS)]] of values) {
    const index = Math.floor((at - from) / stepMs);
    if (index >= 0 && index < busy.length && madeBy !== undefined) busy[index] = (percent / 100) * madeBy;
  }
  return sampledLoad(service, from, periodSeconds, busy);
}
