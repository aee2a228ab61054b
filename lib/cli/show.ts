/** Shows a run while it goes: a bar and the decisions above it in a terminal, plain lines elsewhere, nothing with --json. */
import cliProgress from 'cli-progress';
import { nameText } from '../policy/service-name.ts';
import type { Load } from '../sim/types.ts';
import type { Watcher } from './local-run.ts';
import type { Tick } from './play.ts';
import type { PolicyPlayed } from './policy-file.ts';
import { decisionLine, isNews, moment, progressLine, startLine } from './render.ts';

export interface Show extends Watcher {
  /** Leaves the terminal as it was. */
  end(): void;
}

const DAY_MS = 86_400_000;
/** A plain line of progress after every tenth of the run. */
const TENTHS = 10;

export function silentShow(): Show {
  return { begun: () => undefined, ticked: () => undefined, end: () => undefined };
}

export function plainShow(print: (line: string) => void): Show {
  let startsAt = 0;
  let began = 0;
  let tenths = 0;
  return {
    begun(load, policy) {
      startsAt = load.startsAt;
      began = performance.now();
      print(titleOf(load, policy));
    },
    ticked({ entries, now, done }) {
      for (const entry of entries.filter(isNews)) print(decisionLine(entry, startsAt));
      if (Math.floor(done * TENTHS) === tenths) return;
      tenths = Math.floor(done * TENTHS);
      print(progressLine(done, now, startsAt, performance.now() - began));
    },
    end: () => undefined,
  };
}

export function terminalShow(stream: NodeJS.WriteStream): Show {
  const bars = new cliProgress.MultiBar(
    {
      format: '{bar} {percentage} %  {moment}  {eta_formatted} left',
      barsize: 24,
      // The bar would cut long sentences off at the edge of the terminal otherwise.
      linewrap: true,
      stream,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      fps: 20,
    },
    cliProgress.Presets.shades_classic,
  );
  let bar: cliProgress.SingleBar | undefined;
  let startsAt = 0;
  return {
    begun(load, policy) {
      startsAt = load.startsAt;
      stream.write(`${titleOf(load, policy)}\n`);
      bar = bars.create(1, 0, { moment: moment(startsAt, startsAt) });
    },
    ticked({ entries, now, done }: Tick) {
      for (const entry of entries.filter(isNews)) bars.log(`${decisionLine(entry, startsAt)}\n`);
      bar?.update(done, { moment: moment(now, startsAt) });
    },
    end() {
      if (bars.isActive) bars.stop();
    },
  };
}

function titleOf(load: Load, { policy }: PolicyPlayed): string {
  const days = (load.endsAt - load.startsAt) / DAY_MS;
  const ticks = Math.ceil((load.endsAt - load.startsAt) / 1000 / policy.cadenceSeconds);
  return startLine({ trace: load.name, days }, nameText(policy), ticks);
}
