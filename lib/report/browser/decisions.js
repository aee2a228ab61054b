// The decisions as a list: those of the stretch in sight, each a button that shows it in the picture.
import { moment } from './moment.js';
import { because, change } from './tooltip.js';

/** @typedef {import('./unpack.js').Shown} Shown */
/** @typedef {import('./unpack.js').Decision} Decision */
/** @typedef {import('./view.js').View} View */

const PAGE = 20;

/**
 * @param {Shown} shown
 * @param {View} view
 * @param {(decision: Decision) => void} choose
 * @param {AbortSignal} ended
 */
export function listDecisions({ decisions, decisionsLeftOut }, view, choose, ended) {
  const list = /** @type {HTMLElement} */ (document.querySelector('#decisions'));
  const count = /** @type {HTMLElement} */ (document.querySelector('#decisions-count'));
  const more = /** @type {HTMLButtonElement} */ (document.querySelector('#more'));
  let most = PAGE;

  function render() {
    const inSight = decisions.filter(([at]) => at >= view.span.from && at <= view.span.to);
    list.replaceChildren(...inSight.slice(0, most).map((decision) => item(decision, choose)));
    more.hidden = inSight.length <= most;
    more.textContent = `Show ${Math.min(PAGE, inSight.length - most)} more`;
    const all = inSight.length === decisions.length ? '' : ` of ${decisions.length}, those in sight`;
    const leftOut = decisionsLeftOut === 0 ? '' : `; ${decisionsLeftOut} older ones had no room in this page`;
    count.textContent = `${inSight.length}${all}${leftOut}`;
  }

  const showMore = () => {
    most += PAGE;
    render();
  };
  more.addEventListener('click', showMore, { signal: ended });
  view.onChange(() => {
    most = PAGE;
    render();
  }, ended);
  render();
}

/**
 * @param {Decision} decision
 * @param {(decision: Decision) => void} choose
 */
function item(decision, choose) {
  const [at, from, to, outcome] = decision;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = to >= from ? 'out' : 'in';
  for (const [name, words] of [
    ['time', moment(at)],
    ['change', change(from, to, outcome)],
    ['sentence', because(decision)],
  ]) {
    const span = document.createElement('span');
    span.className = name ?? '';
    span.textContent = words ?? '';
    button.append(span);
  }
  button.addEventListener('click', () => choose(decision));
  const row = document.createElement('li');
  row.append(button);
  return row;
}
