/** HTML from a template in which everything that is put in is escaped, unless it is HTML made here. */

/** A piece of HTML. The brand keeps plain strings from passing for it. */
export interface Html {
  readonly html: string;
}

type Part = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((string, index) => string + render(parts[index])).join('') };
}

/** HTML that is trusted because it was written in this repository. */
export function trusted(text: string): Html {
  return { html: text };
}

function render(part: Part | undefined): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  return 'html' in part ? part.html : part.map((piece) => piece.html).join('');
}
