import { type Money, parseMoney } from '#shared/domain/money.ts';
import { type Price, parsePrice } from '#shared/domain/price.ts';
import { parseQuantity, type Quantity } from '#shared/domain/quantity.ts';

/** A frame can be of many megabytes, and its error is logged. */
const LONGEST_PROBLEM = 300;

/** A message that does not match its venue's documentation: a live connection ends, a replay continues without it. */
export class MalformedFrameError extends Error {
  constructor(problem: string) {
    super(`A frame of the venue was malformed: ${problem.slice(0, LONGEST_PROBLEM)}`);
    this.name = 'MalformedFrameError';
  }
}

/** A price as the venue writes it, exactly. @throws MalformedFrameError */
export function priceOf(text: unknown): Price {
  const price = typeof text === 'string' ? parsePrice(text) : null;
  if (price === null) throw new MalformedFrameError(`${JSON.stringify(text)} is not a price.`);
  return price;
}

/** A quantity as the venue writes it, exactly. @throws MalformedFrameError */
export function quantityOf(text: unknown): Quantity {
  const quantity = typeof text === 'string' ? parseQuantity(text) : null;
  if (quantity === null)
    throw new MalformedFrameError(`${JSON.stringify(text)} is not a quantity.`);
  return quantity;
}

/** A limit; null if the venue leaves it out. @throws MalformedFrameError if it is not an amount */
export function limitOf(text: unknown): Money | null {
  if (text === undefined || text === null) return null;
  const limit = typeof text === 'string' ? parseMoney(text) : null;
  if (limit === null) throw new MalformedFrameError(`${JSON.stringify(text)} is not a limit.`);
  return limit;
}

/** A name as the venue writes it. @throws MalformedFrameError */
export function textOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new MalformedFrameError(`${JSON.stringify(value)} is not a name.`);
}

/** Names as the venue lists them. @throws MalformedFrameError */
export function textsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value))
    throw new MalformedFrameError(`${JSON.stringify(value)} is not a list.`);
  return value.map(textOf);
}

/** A counter or a time from the venue. @throws MalformedFrameError */
export function integerOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new MalformedFrameError(`${JSON.stringify(value)} is not a counter.`);
}
