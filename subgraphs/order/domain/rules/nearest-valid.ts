import { divideUp, ONE } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { type Price, priceOfUnits } from '#shared/domain/price.ts';
import { type Quantity, quantityOfUnits } from '#shared/domain/quantity.ts';
import type { OrderSide } from '../order.ts';
import type { PriceCollar } from './price-collar.ts';

/** Bounds in units of 10^-18, both included. */
interface Bounds {
  readonly lowest: bigint;
  readonly highest: bigint;
}

/** On the tick and within the collar: a BUY's price down, a SELL's up, never past the market. */
export function nearestPrice(
  side: OrderSide,
  price: Price,
  { tickSize }: Pick<Instrument, 'tickSize'>,
  collar: PriceCollar | null,
): Price {
  const ticks = side === 'BUY' ? price / tickSize : divideUp(price, tickSize);
  const { lowest, highest } = collar ?? { lowest: tickSize, highest: null };
  const onTick = ticks * tickSize;
  if (onTick < lowest) return priceOfUnits(lowest);
  return priceOfUnits(highest !== null && onTick > highest ? highest : onTick);
}

/** Where a post-only order would rest, one tick from the best price of the other side; null if no price is left. */
export function nearestRestingPrice(
  side: OrderSide,
  touchPrice: Price,
  { tickSize }: Pick<Instrument, 'tickSize'>,
): Price | null {
  const price = side === 'BUY' ? touchPrice - tickSize : touchPrice + tickSize;
  return price > 0n ? priceOfUnits(price) : null;
}

/**
 * On the step and within the instrument's quantities: down to the step, otherwise the minimum.
 * @returns null if the instrument's own bounds contain no step
 */
export function nearestQuantity(quantity: Quantity, instrument: Instrument): Quantity | null {
  return clampToSteps(quantity, quantityBounds(instrument), instrument.quantityStep);
}

/**
 * Like {@link nearestQuantity}, and worth at least minNotional and at most maxNotional at a price.
 * @returns null if no quantity of this instrument is, or the price is worth nothing
 */
export function nearestQuantityByNotional(
  quantity: Quantity,
  price: Price,
  instrument: Instrument,
): Quantity | null {
  if (price <= 0n) return null;
  const { lowest, highest } = quantityBounds(instrument);
  const fromNotional = divideUp(instrument.minNotional * ONE, price);
  const toNotional = (instrument.maxNotional * ONE) / price;
  const bounds = {
    lowest: fromNotional > lowest ? fromNotional : lowest,
    highest: toNotional < highest ? toNotional : highest,
  };
  return clampToSteps(quantity, bounds, instrument.quantityStep);
}

/**
 * The instrument's minimum, or one step if it has none: a quantity of zero can never be ordered.
 */
export function smallestQuantity({ minQuantity, quantityStep }: Instrument): Quantity {
  return minQuantity > 0n ? minQuantity : quantityStep;
}

function quantityBounds(instrument: Instrument): Bounds {
  return { lowest: smallestQuantity(instrument), highest: instrument.maxQuantity };
}

function clampToSteps(quantity: Quantity, bounds: Bounds, step: Quantity): Quantity | null {
  const lowest = divideUp(bounds.lowest, step) * step;
  const highest = (bounds.highest / step) * step;
  if (lowest > highest) return null;
  const down = (quantity / step) * step;
  if (down < lowest) return quantityOfUnits(lowest);
  return quantityOfUnits(down > highest ? highest : down);
}
