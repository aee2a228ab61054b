// The page of a backtest: one replay in sight at a time, beside what really was.
import { Picture, wholeOf } from '../../browser/picture.js';
import { inflate } from '../../browser/unpack.js';
import { createView } from '../../browser/view.js';
import { showStrips } from '../../comparison/browser/strips.js';
import { createReplayCharts, replayedOf } from './replayed.js';

/** @typedef {import('./replayed.js').Replayed} Replayed */

const select = /** @type {HTMLSelectElement | null} */ (document.querySelector('#run'));
const packed = [...document.querySelectorAll('script[id^=replay-]')].map(({ textContent }) => textContent ?? '');
const told = await Promise.all(packed.map(inflate));
const replays = told.map((payload) => ({ name: String(payload.name), shown: replayedOf(payload) }));
const [first] = replays;
if (first !== undefined && select !== null) open(select, first.shown);
document.body.dataset.ready = 'true';

/**
 * @param {HTMLSelectElement} chooser
 * @param {Replayed} longest
 */
function open(chooser, longest) {
  const view = createView(wholeOf(longest));
  chooser.replaceChildren(...replays.map(({ name }) => new Option(name, name)));
  let drawn = new AbortController();
  const strips = [
    { name: 'really', above: longest.real.above },
    ...replays.map(({ name, shown }) => ({ name, above: shown.above })),
  ];
  /** @param {string} name */
  const choose = (name) => {
    const replay = replays.find((one) => one.name === name);
    if (replay === undefined) return;
    chooser.value = name;
    drawn.abort();
    drawn = new AbortController();
    new Picture(replay.shown, view, drawn.signal, createReplayCharts);
    lines.redraw(false, false);
  };
  const run = { chosen: () => chooser.value, choose };
  const lines = showStrips(longest.at, strips, view, run, new AbortController().signal);
  chooser.addEventListener('change', () => choose(chooser.value));
  choose(chooser.value);
}
