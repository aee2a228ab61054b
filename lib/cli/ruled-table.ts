/** Tables for 80 columns: names to the left, figures to the right, one rule. */
import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';

/** A rule below the heads and no other line. @param names so many of the first columns hold names */
export function ruled(head: readonly string[], rows: readonly (readonly string[])[], names: number): string {
  const none = { top: '', bottom: '', left: '', right: '', mid: '', middle: '' };
  const corners = { 'top-left': '', 'top-mid': '', 'top-right': '', 'bottom-left': '', 'bottom-mid': '' };
  const edges = { 'bottom-right': '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const table = new CliTable({
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: { ...none, ...corners, ...edges },
    colAligns: head.map((_, column) => (column < names ? 'left' : 'right')),
  });
  table.push([...head], ...rows.map((row) => [...row]));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const headLines = Math.max(...head.map((one) => one.split('\n').length));
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  return [...lines.slice(0, headLines), '─'.repeat(width), ...lines.slice(headLines)].join('\n');
}

/** Over several lines where it is too long for one: broken before a setting and after a comma or a slash. */
export function namedIn(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const lines: string[] = [''];
  for (const part of name.match(/@?[^,/@]+(, |\/)?|[,/@]/g) ?? [name]) {
    const last = lines.at(-1) ?? '';
    if (last.length + part.trimEnd().length <= longest || last === '') lines[lines.length - 1] = last + part;
    else lines.push(`  ${part}`);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
