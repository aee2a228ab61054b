/** How far a long run has come, and how long it will take: a bar where somebody watches, a line now and then elsewhere. */
import cliProgress from 'cli-progress';

export interface Progress {
  /** @param done of `of`, fractions of those under way too */
  update(done: number, of: number): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** Milliseconds between two lines in a log. */
const LINE_EVERY_MS = 10_000;

export function progressOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, what: string): Progress {
  return stream.isTTY === true ? bar(stream, what) : lines(stream, what);
}

function bar(stream: NodeJS.WritableStream, what: string): Progress {
  let shown: cliProgress.SingleBar | undefined;
  const format = `{bar} {percentage} %  {runs} of {all} ${what}  {left}`;
  const began = performance.now();
  return {
    update(done, of) {
      if (shown === undefined) {
        const options = {
          format,
          barsize: 24,
          stream,
          hideCursor: true,
          clearOnComplete: true,
          gracefulExit: false,
          fps: 10,
        };
        shown = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
        shown.start(of, 0, { runs: 0, all: of, left: '' });
      }
      shown.update(done, { runs: Math.floor(done), all: of, left: leftWords(began, done, of) });
    },
    end: () => shown?.stop(),
  };
}

function lines(stream: NodeJS.WritableStream, what: string): Progress {
  const began = performance.now();
  let last = began;
  return {
    update(done, of) {
      if (performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      const percent = Math.floor((100 * done) / of);
      stream.write(`${percent} %, ${Math.floor(done)} of ${of} ${what}, ${leftWords(began, done, of)}\n`);
    },
    end: () => undefined,
  };
}

function leftWords(began: number, done: number, of: number): string {
  if (done === 0) return '';
  const seconds = Math.round(((performance.now() - began) / 1000) * (of / done - 1));
  return seconds < 90 ? `${seconds} s left` : `${Math.round(seconds / 60)} min left`;
}
