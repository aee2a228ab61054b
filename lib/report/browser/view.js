// The part of the run that is in sight: one for all charts.

/** @typedef {{ from: number, to: number }} Span epoch seconds */

const SHORTEST = 5 * 60;

/** @param {Span} whole */
export function createView(whole) {
  /** @type {((span: Span) => void)[]} */
  const listeners = [];
  let span = whole;

  /** @param {Span} wished */
  function show(wished) {
    const length = Math.min(Math.max(wished.to - wished.from, SHORTEST), whole.to - whole.from);
    const from = Math.min(Math.max(wished.from, whole.from), whole.to - length);
    if (from === span.from && from + length === span.to) return;
    span = { from, to: from + length };
    for (const listener of listeners) listener(span);
  }

  return {
    whole,
    get span() {
      return span;
    },
    show,
    showWhole: () => show(whole),
    /** @param {number} factor below 1 zooms in */
    zoom(factor) {
      const middle = (span.from + span.to) / 2;
      const half = ((span.to - span.from) / 2) * factor;
      show({ from: middle - half, to: middle + half });
    },
    /** @param {number} share of the span in sight; negative is earlier */
    move(share) {
      const by = (span.to - span.from) * share;
      show({ from: span.from + by, to: span.to + by });
    },
    /** @param {number} at brings a moment into sight without changing the zoom */
    reveal(at) {
      const length = span.to - span.from;
      if (at < span.from || at > span.to) show({ from: at - length / 2, to: at + length / 2 });
    },
    /**
     * @param {(span: Span) => void} listener
     * @param {AbortSignal} ended from then on it is not told any more
     */
    onChange(listener, ended) {
      listeners.push(listener);
      ended.addEventListener('abort', () => listeners.splice(listeners.indexOf(listener), 1), { once: true });
    },
  };
}

/** @typedef {ReturnType<typeof createView>} View */
