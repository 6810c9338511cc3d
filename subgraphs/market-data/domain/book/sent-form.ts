/** Bits for a scale, or for a count of zeros behind it. */
const FIELD = 5;
const MASK = 2 ** FIELD - 1;

/**
 * How a decimal was written, beside its digits as one integer: its scale, which is how many of those
 * are after the point, and how many more zeros stood behind them.
 */
export function sentForm(scale: number, zeros: number): number {
  return scale | (zeros << (2 * FIELD));
}

/** How both numbers of a level were written, as one number: levels written alike have the same one. */
export function levelForm(price: number, quantity: number): number {
  return price | (quantity << FIELD);
}

/** How many digits of the price are after the point. */
export function priceScaleOf(form: number): number {
  return form & MASK;
}

/** How many digits of the quantity are after the point. */
export function quantityScaleOf(form: number): number {
  return (form >> FIELD) & MASK;
}

/** How many zeros stood behind the digits of the price. */
export function priceZerosOf(form: number): number {
  return (form >> (2 * FIELD)) & MASK;
}

/** How many zeros stood behind the digits of the quantity. */
export function quantityZerosOf(form: number): number {
  return (form >> (3 * FIELD)) & MASK;
}
