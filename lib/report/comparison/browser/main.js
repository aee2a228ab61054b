// The page that compares: one load in sight at a time, and of it one run.
import { Picture, wholeOf } from '../../browser/picture.js';
import { inflate, shownOf } from '../../browser/unpack.js';
import { createView } from '../../browser/view.js';
import { showFront } from './front.js';
import { showStrips } from './strips.js';

/** @typedef {import('../../browser/unpack.js').Shown} Shown */

/** @param {string} id */
const data = (id) => document.getElementById(id)?.textContent ?? '';
const runs = /** @type {HTMLSelectElement} */ (document.querySelector('#run'));
const scenes = /** @type {HTMLSelectElement | null} */ (document.querySelector('#scene'));

/** A load, with everything that is drawn of it. */
class Stage {
  /** @param {number} index */
  constructor(index) {
    this.index = index;
    this.ended = new AbortController();
    this.drawn = new AbortController();
    /** @type {Shown[]} */
    this.shown = [];
  }

  async open() {
    const scene = await inflate(data(`scene-${this.index}`));
    /** @type {string[]} */
    this.names = scene.runs;
    this.shown = await Promise.all(this.names.map((name, run) => this.unpackRun(scene, name, run)));
    const [first] = this.shown;
    if (first === undefined) return;
    this.view = createView(wholeOf(first));
    runs.replaceChildren(...this.names.map((name) => new Option(name, name)));
    const strips = this.shown.map(({ above }, run) => ({ name: this.names?.[run] ?? '', above }));
    const run = { chosen: () => runs.value, choose: (/** @type {string} */ name) => this.choose(name) };
    this.strips = showStrips(first.at, strips, this.view, run, this.ended.signal);
    const figure = document.querySelector(`#front-${this.index}`);
    if (figure instanceof HTMLElement && figure.querySelector('canvas') === null) showFront(figure, scene.front);
    this.choose(runs.value);
  }

  /**
   * @param {any} scene
   * @param {string} name
   * @param {number} run
   * @returns {Promise<Shown>}
   */
  async unpackRun(scene, name, run) {
    const { columns, decisions, ...rest } = await inflate(data(`run-${this.index}-${run}`));
    const { at, load, capacityPerTask, bounds } = scene;
    const told = decisions.map((/** @type {import('../../browser/unpack.js').Decision} */ decision) =>
      withWords(decision, name),
    );
    return shownOf({ ...rest, columns: { at, load, ...columns }, decisions: told, capacityPerTask, bounds });
  }

  /** @param {string} name */
  choose(name) {
    const shown = this.shown[this.names?.indexOf(name) ?? -1];
    if (shown === undefined || this.view === undefined) return;
    runs.value = name;
    this.drawn.abort();
    this.drawn = new AbortController();
    new Picture(shown, this.view, this.drawn.signal);
    this.strips?.redraw(false, false);
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('button[data-run]'))) {
      button.setAttribute('aria-pressed', String(button.dataset.run === name));
    }
  }

  close() {
    this.drawn.abort();
    this.ended.abort();
  }
}

/**
 * Some scalers change counts and give no reason.
 * @param {import('../../browser/unpack.js').Decision} decision
 * @param {string} name
 * @returns {import('../../browser/unpack.js').Decision}
 */
function withWords([at, from, to, outcome, sentence], name) {
  return [at, from, to, outcome, sentence === '' ? `${from} → ${to}: ${name} gives no reason` : sentence];
}

let stage = new Stage(0);

/** @param {number} index */
async function open(index) {
  stage.close();
  stage = new Stage(index);
  for (const words of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.scene'))) {
    words.hidden = words.id !== `words-${index}`;
  }
  await stage.open();
}

runs.addEventListener('change', () => stage.choose(runs.value));
scenes?.addEventListener('change', () => open(Number(scenes.value)));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('button[data-run]'))) {
  button.addEventListener('click', () => {
    stage.choose(button.dataset.run ?? '');
    document.querySelector('#picture')?.scrollIntoView({ block: 'start' });
  });
}
await open(0);
document.body.dataset.ready = 'true';
