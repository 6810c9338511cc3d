import { invariant } from './invariant.ts';

/** Digits after the point in every amount; the stores use `NUMERIC(38,18)`. */
export const SCALE = 18;
/** One, as units of 10^-18. */
export const ONE = 10n ** 18n;

const DECIMAL = /^(-?)(\d{1,20})(?:\.(\d{1,18}))?$/;

/** A number holds this many digits exactly. */
const NUMBER_DIGITS = 15;
/** Exact as numbers up to 22, and {@link SCALE} is the most that is used. */
const POWERS_OF_TEN = Array.from({ length: SCALE + 1 }, (_, exponent) => 10 ** exponent);
/** The size of one step of each scale. */
const STEPS = Array.from({ length: SCALE + 1 }, (_, scale) => 10n ** BigInt(SCALE - scale));

/**
 * Reads a plain decimal as an exact count of 10^-18: no exponent, no sign but `-`, no spaces.
 * @returns null for anything else; the caller decides whose fault it is
 */
export function parseUnits(text: string): bigint | null {
  return parseShortUnits(text) ?? parseLongUnits(text);
}

/** A fast path for what markets send; null if the text needs a closer look. */
function parseShortUnits(text: string): bigint | null {
  const { length } = text;
  if (length === 0 || length > NUMBER_DIGITS) return null;
  let digits = 0;
  let point = length - 1;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) digits = digits * 10 + code - 0x30;
    else if (code === 0x2e && point === length - 1 && index > 0 && index < point) point = index;
    else return null;
  }
  return unitsOfDigits(digits, length - 1 - point);
}

/** 10 to the power of at most {@link SCALE}, exactly. */
export function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent] as number;
}

/**
 * The units of a decimal whose digits were read one by one.
 * @param digits all of them as one number, at most `Number.MAX_SAFE_INTEGER`
 * @param scale how many of them are after the point, at most {@link SCALE}
 */
export function unitsOfDigits(digits: number, scale: number): bigint {
  return BigInt(digits) * (STEPS[scale] as bigint);
}

function parseLongUnits(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '0', fraction = ''] = match;
  const magnitude = BigInt(whole) * ONE + BigInt(fraction.padEnd(SCALE, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/**
 * Writes units of 10^-18 as a plain decimal with at least `minimumScale` digits after the point and
 * no other trailing zeros: never an exponent, never `-0`.
 */
export function formatUnits(units: bigint, minimumScale = 0): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(SCALE + 1, '0');
  const whole = digits.slice(0, -SCALE);
  const fraction = digits.slice(-SCALE).replace(/0+$/, '').padEnd(minimumScale, '0');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The exact quotient, rounded toward zero. @throws Error on a divisor of zero: a bug of ours */
export function divideDown(numerator: bigint, denominator: bigint): bigint {
  invariant(denominator !== 0n, 'a decimal was divided by zero');
  return numerator / denominator;
}

/** {@link divideDown} for non-negative numbers, but rounded up. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  invariant(numerator >= 0n && denominator > 0n, 'rounding up needs non-negative numbers');
  return (numerator + denominator - 1n) / denominator;
}

/** The size of one step of `scale` decimal digits, in units of 10^-18. */
export function stepOfScale(scale: number): bigint {
  invariant(Number.isInteger(scale) && scale >= 0 && scale <= SCALE, `scale ${scale} is off range`);
  return 10n ** BigInt(SCALE - scale);
}
