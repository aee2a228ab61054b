// The sentence of a decision, beside its mark.
import { moment } from './moment.js';

/** @typedef {import('./unpack.js').Decision} Decision */

const GAP = 14;

/** @param {uPlot} chart in which the decisions are marked */
export function createTooltip(chart) {
  const box = document.createElement('div');
  box.className = 'tooltip';
  box.id = 'tooltip';
  box.hidden = true;
  const when = document.createElement('b');
  const sentence = document.createElement('p');
  box.append(when, sentence);
  chart.root.append(box);

  return {
    /** @param {Decision | undefined} decision */
    show(decision) {
      box.hidden = decision === undefined;
      if (decision === undefined) return;
      const [at, from, to, outcome] = decision;
      when.textContent = `${moment(at)} · ${change(from, to, outcome)}`;
      sentence.textContent = because(decision);
      place(box, chart, at, to);
    },
  };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {string} outcome
 */
export function change(from, to, outcome) {
  return `${from} → ${to}${outcome === 'failed' ? ', not done' : ''}`;
}

/**
 * The sentence without the counts it begins with, which stand before it already.
 * @param {Decision} decision
 */
export function because([, from, to, , sentence]) {
  const head = `${from} → ${to}: `;
  return sentence.startsWith(head) ? sentence.slice(head.length) : sentence;
}

/**
 * Above the mark where there is room, else below; never past the sides.
 * @param {HTMLElement} box
 * @param {uPlot} chart
 * @param {number} at
 * @param {number} tasks
 */
function place(box, chart, at, tasks) {
  const x = chart.over.offsetLeft + chart.valToPos(at, 'x');
  const y = chart.over.offsetTop + chart.valToPos(tasks, 'y');
  const left = Math.min(Math.max(x - box.offsetWidth / 2, 0), chart.root.clientWidth - box.offsetWidth);
  const above = y - box.offsetHeight - GAP;
  box.style.left = `${left}px`;
  box.style.top = `${above > -60 ? above : y + GAP}px`;
}
