// Moments as people read them, in UTC.

export const DAY = 86_400;

/** @param {number} at epoch seconds */
function clock(at) {
  return new Date(at * 1000).toISOString().slice(11, 16);
}

/** @param {number} at epoch seconds */
export function day(at) {
  return new Date(at * 1000).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}

/** @param {number} at epoch seconds */
export function moment(at) {
  return `${day(at)}, ${clock(at)}`;
}

/**
 * @param {number} from epoch seconds
 * @param {number} to epoch seconds
 */
export function span(from, to) {
  return day(from) === day(to) ? `${moment(from)} to ${clock(to)}` : `${moment(from)} to ${moment(to)}`;
}

/**
 * Labels of an axis: the hour, and the day where it begins or where the axis does.
 * @param {number[]} splits epoch seconds
 * @param {number} step seconds between two
 */
export function axisLabels(splits, step) {
  return splits.map((at, index) => {
    if (step >= DAY) return day(at);
    const newDay = index === 0 || day(at) !== day(splits[index - 1] ?? at);
    return newDay ? `${clock(at)}\n${day(at)}` : clock(at);
  });
}
