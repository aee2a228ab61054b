// The page of one run.
import { Picture, wholeOf } from './picture.js';
import { unpack } from './unpack.js';
import { createView } from './view.js';

const shown = await unpack(document.querySelector('#run')?.textContent ?? '');
new Picture(shown, createView(wholeOf(shown)), new AbortController().signal);
document.body.dataset.ready = 'true';
