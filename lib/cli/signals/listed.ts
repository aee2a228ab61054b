const MOST = 10;

/** `a, b, c`, and how many more. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : '';
  return `${names.slice(0, MOST).join(', ')}${more}`;
}
