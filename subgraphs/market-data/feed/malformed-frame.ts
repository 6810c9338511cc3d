import { type Price, parsePrice } from '#shared/domain/price.ts';
import { parseQuantity, type Quantity } from '#shared/domain/quantity.ts';

/** A message that is not what its venue documents; the feed goes on without it. */
export class MalformedFrameError extends Error {
  constructor(problem: string) {
    super(`A frame of the venue was malformed: ${problem}`);
    this.name = 'MalformedFrameError';
  }
}

/** A price as the venue writes it, exactly. @throws MalformedFrameError */
export function priceOf(text: unknown): Price {
  const price = typeof text === 'string' ? parsePrice(text) : null;
  if (price === null) throw new MalformedFrameError(`${JSON.stringify(text)} is no price.`);
  return price;
}

/** A quantity as the venue writes it, exactly. @throws MalformedFrameError */
export function quantityOf(text: unknown): Quantity {
  const quantity = typeof text === 'string' ? parseQuantity(text) : null;
  if (quantity === null) throw new MalformedFrameError(`${JSON.stringify(text)} is no quantity.`);
  return quantity;
}

/** A counter or a time of the venue. @throws MalformedFrameError */
export function integerOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new MalformedFrameError(`${JSON.stringify(value)} is no counter.`);
}
