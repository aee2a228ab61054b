/**
 * What a value without quotes means. YAML 1.1 and 1.2 read some spellings differently (`010` is 8 or 10, `1_000` a number or a text,
 * `yes` true or a text): what both read as the same number is that number, `yes`, `no`, `on` and `off` are texts as in YAML 1.2, and a
 * number that they read differently is refused with the mend.
 */
export type PlainScalar =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  /** `rest` follows the field in a sentence. */
  | { readonly kind: 'refused'; readonly rest: string };

const NUMBER = /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
const LEADING_ZERO = /^[-+]?0\d+(?:\.\d*)?$/;
const OTHER_BASE = /^[-+]?0[xob][0-9a-f_]+$/i;
const UNDERSCORED = /^[-+]?\d[\d_]*_[\d_]*(?:\.[\d_]*)?$/;
const NOT_FINITE = /^[-+]?\.(?:inf|nan)$/i;

export function plainScalar(source: string): PlainScalar {
  if (/^(?:|~|null|Null|NULL)$/.test(source)) return { kind: 'value', value: null };
  if (/^(?:true|True|TRUE)$/.test(source)) return { kind: 'value', value: true };
  if (/^(?:false|False|FALSE)$/.test(source)) return { kind: 'value', value: false };
  if (NUMBER.test(source)) return finite(source);
  if (NOT_FINITE.test(source)) return refused(`is ${source}, not a finite number; write one`);
  if (LEADING_ZERO.test(source))
    return refused(`is ${cut(source)}, which some read to the base 8; ${decimalOf(source)}`);
  if (OTHER_BASE.test(source) || UNDERSCORED.test(source))
    return refused(`is ${cut(source)}, a number only to some readers; write decimal digits, or quotes around a text`);
  return { kind: 'value', value: source };
}

/** Minus zero is zero. */
function finite(source: string): PlainScalar {
  const value = Number(source);
  if (Number.isFinite(value)) return { kind: 'value', value: value === 0 ? 0 : value };
  return refused(`is ${cut(source)}, too large for a number; write a smaller one`);
}

function decimalOf(source: string): string {
  return `write ${Number(source)} for a number, '${cut(source)}' for a text`;
}

const refused = (rest: string): PlainScalar => ({ kind: 'refused', rest });
const cut = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);
