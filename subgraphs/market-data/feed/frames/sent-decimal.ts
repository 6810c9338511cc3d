/** No valid decimal is longer than this many characters. */
export const LONGEST_DECIMAL = 40;
/** A decimal at the start of a text, with at most an amount's digits; a point needs digits after it. */
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,18}))?(?![.\d])/;

/** A decimal as written; its value is `digits` / 10^`scale`. */
export interface SentDecimal {
  /** All digits as one integer, without the trailing zeros that would not fit. */
  readonly digits: number;
  /** How many of the digits follow the point. */
  readonly scale: number;
  /** How many trailing zeros were left out. */
  readonly zeros: number;
  /** How many characters the decimal takes. */
  readonly length: number;
}

/**
 * Reads the decimal at the start of a text; null if there is none, if it is finer than any amount, or if
 * its digits exceed `largest`.
 */
export function sentDecimal(text: string, largest: number): SentDecimal | null {
  const match = DECIMAL.exec(text.slice(0, LONGEST_DECIMAL));
  if (match === null) return null;
  const [{ length }, whole = '', fraction = ''] = match;
  const sent = whole + fraction;
  let end = sent.length;
  while (Number(sent.slice(0, end)) > largest && end > whole.length && sent[end - 1] === '0')
    end -= 1;
  const digits = Number(sent.slice(0, end));
  if (digits > largest) return null;
  const zeros = sent.length - end;
  return { digits, scale: fraction.length - zeros, zeros, length };
}
