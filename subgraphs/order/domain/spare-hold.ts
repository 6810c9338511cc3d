import type { Instrument } from '#shared/domain/instrument.ts';
import { type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';
import { holdAmount } from './hold-amount.ts';
import { type OpenOrder, unfilledQuantity } from './order.ts';
import { isByQuote } from './quote-quantity.ts';

/**
 * An order that became smaller or cheaper, with a hold of exactly what it still needs at worst.
 * @returns the order, and what its hold released: nothing for an order by quote quantity
 */
export function withoutSpareHold(
  order: OpenOrder,
  { quoteScale }: Pick<Instrument, 'quoteScale'>,
): { readonly order: OpenOrder; readonly spare: Money } {
  const { side, hold } = order;
  const rates = { ...hold, quoteScale };
  const remaining = holdAmount(side, hold.worstPrice, unfilledQuantity(order), rates);
  if (isByQuote(order) || remaining >= hold.remaining) return { order, spare: ZERO_MONEY };
  const spare = moneyOfUnits(hold.remaining - remaining);
  return { order: { ...order, hold: { ...hold, remaining } }, spare };
}
