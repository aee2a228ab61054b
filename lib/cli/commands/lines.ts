/** Lines of a byte stream as they come. A line that never ends does not fill the memory: it is cut and marked. */
import type { Readable } from 'node:stream';

export type Line =
  | { readonly kind: 'line'; readonly text: string }
  /** Longer than the limit; its text was thrown away. */
  | { readonly kind: 'tooLong' };

export const LONGEST_LINE = 4 * 1024 * 1024;

/** All whole lines of each chunk together, so that what came at once can be answered at once; at the end the rest, if there is any. */
export async function* linesOf(input: Readable, longest = LONGEST_LINE): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let cut = false;
  const finish = (text: string): Line => {
    const line: Line = cut || text.length > longest ? { kind: 'tooLong' } : { kind: 'line', text };
    cut = false;
    return line;
  };
  for await (const chunk of input) {
    const pieces = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    const lines = pieces.map(finish);
    if (rest.length > longest) {
      cut = true;
      rest = '';
    }
    if (lines.length > 0) yield lines;
  }
  rest += decoder.decode();
  if (cut || rest.trim() !== '') yield [finish(rest)];
}
