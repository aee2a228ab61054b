// Colours come from the style sheet, so that light and dark are decided in one place.

const style = getComputedStyle(document.documentElement);

/** @param {string} name of a custom property, without its dashes */
export function colour(name) {
  return style.getPropertyValue(`--${name}`).trim();
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const NARROW = 560;

const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** @param {number} value */
export function short(value) {
  if (Math.abs(value) >= 10_000) return compact.format(value);
  return Math.abs(value) >= 100 ? whole.format(value) : plain.format(value);
}
