/** Shapes a load can have, as functions of the second since its beginning; small, so that a scenario is an expression of them. */
import { probit } from 'simple-statistics';
import { uniformAt } from './chance.ts';

/** The level at a second. Levels add up and multiply; only their proportions count once a load is scaled. */
export type Shape = (second: number) => number;

const HOUR = 3600;
const DAY = 86_400;
const WEEK = 7 * DAY;

export function constant(level: number): Shape {
  return () => level;
}

export function sum(...shapes: readonly Shape[]): Shape {
  return (second) => shapes.reduce((total, shape) => total + shape(second), 0);
}

export function product(...shapes: readonly Shape[]): Shape {
  return (second) => shapes.reduce((total, shape) => total * shape(second), 1);
}

/** A sine over the day between `low` and `high`, highest at `peakHour`. */
export function diurnal({ low, high, peakHour }: { low: number; high: number; peakHour: number }): Shape {
  return (second) => {
    const phase = ((second - peakHour * HOUR) / DAY) * 2 * Math.PI;
    return (low + high) / 2 + ((high - low) / 2) * Math.cos(phase);
  };
}

/** 1 on working days and `weekend` on the sixth and seventh day after the beginning. */
export function weekly({ weekend }: { weekend: number }): Shape {
  return (second) => (second % WEEK >= 5 * DAY ? weekend : 1);
}

/** From one level to another, smoothly, between two hours. */
export function ramp({
  from,
  to,
  startHour,
  endHour,
}: {
  from: number;
  to: number;
  startHour: number;
  endHour: number;
}): Shape {
  return (second) => {
    const done = Math.min(1, Math.max(0, (second / HOUR - startHour) / (endHour - startHour)));
    return from + (to - from) * done * done * (3 - 2 * done);
  };
}

/** `before` until an hour, `after` from it on. */
export function step({ atHour, before, after }: { atHour: number; before: number; after: number }): Shape {
  return (second) => (second < atHour * HOUR ? before : after);
}

export interface FlashCrowd {
  readonly atHour: number;
  readonly height: number;
  /** From nothing to the full height. */
  readonly riseSeconds: number;
  /** Until half of it has gone again, and half of the rest, and so on. */
  readonly halfLifeSeconds: number;
}

/** 0 until the crowd comes. */
export function flashCrowd({ atHour, height, riseSeconds, halfLifeSeconds }: FlashCrowd): Shape {
  return (second) => {
    const since = second - atHour * HOUR;
    if (since <= 0) return 0;
    if (since < riseSeconds) return height * (since / riseSeconds);
    return height * 2 ** (-(since - riseSeconds) / halfLifeSeconds);
  };
}

/** `on` for some time, `off` for some time, for ever. */
export function onOff(options: { on: number; off: number; onSeconds: number; offSeconds: number }): Shape {
  const { on, off, onSeconds, offSeconds } = options;
  return (second) => (second % (onSeconds + offSeconds) < onSeconds ? on : off);
}

/** A burst of `height` at the beginning of every period, such as a job every hour or every five minutes. */
export function cronBursts(options: {
  height: number;
  everySeconds: number;
  lastsSeconds: number;
  offsetSeconds?: number;
}): Shape {
  const { height, everySeconds, lastsSeconds, offsetSeconds = 0 } = options;
  return (second) => ((second - offsetSeconds + everySeconds) % everySeconds < lastsSeconds ? height : 0);
}

/** A factor around 1: lognormal with `sigma`, drawn anew every so many seconds and linear between. Never negative. */
export function noise({ seed, sigma, everySeconds }: { seed: number; sigma: number; everySeconds: number }): Shape {
  const drawn = (index: number) => probit(Math.min(0.9999, Math.max(0.0001, uniformAt(seed, index))));
  return (second) => {
    const index = Math.floor(second / everySeconds);
    const part = second / everySeconds - index;
    const level = drawn(index) * (1 - part) + drawn(index + 1) * part;
    return Math.exp(sigma * level - (sigma * sigma) / 2);
  };
}
