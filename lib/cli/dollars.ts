/** Money in words. */
import type { Range } from '../aws/cost/prices.ts';

/** A range where the two ends differ by more than the cents shown. */
export function dollarsText({ low, high }: Range): string {
  const [least, most] = [dollars(low), dollars(high)];
  return least === most ? least : `${least} to ${most}`;
}

function dollars(value: number): string {
  if (value > 0 && value < 0.01) return value.toFixed(4);
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
