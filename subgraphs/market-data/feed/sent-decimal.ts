/** No decimal that may be sent is longer. */
export const LONGEST_DECIMAL = 40;
/** As far as it is one, with as many digits as an amount may have; a point needs digits behind it. */
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,18}))?(?![.\d])/;

/** A decimal as it was written; its value is the digits with the point in them. */
export interface SentDecimal {
  /** All digits as one integer, without the zeros behind the point that are too many for it. */
  readonly digits: number;
  /** How many of the digits are behind the point. */
  readonly scale: number;
  /** How many zeros were left out. */
  readonly zeros: number;
  /** How many characters it takes. */
  readonly length: number;
}

/**
 * Reads the decimal with which a text begins; null where there is none, where it is finer than any
 * amount, and where its digits are more than the largest integer that is taken.
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
