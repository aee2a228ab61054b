/** Truth has three values (Kleene): false settles `&&`, true settles `||`, whatever the other side is. */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Ternary = typeof FALSE | typeof TRUE | typeof UNKNOWN;
