import { parseUnits } from '#shared/domain/decimal.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { DomainError, DomainErrorCode } from '#shared/graphql/domain-error.ts';
import type { PlaceOrderInput } from '../__generated__/graphql.ts';
import type { PlaceOrder } from '../domain/place-order.ts';

/** The command of an input. @throws DomainError BAD_USER_INPUT unless it has exactly one terms */
export function parsePlaceOrder(input: PlaceOrderInput): PlaceOrder {
  const { terms, ...ids } = input;
  const { limit, market } = terms;
  if (limit && !market) {
    const { quantity, limitPrice, timeInForce = 'GTC' } = limit;
    const price = priceOfUnits(unitsOf(limitPrice));
    return {
      ...ids,
      quantity: quantityOfUnits(unitsOf(quantity)),
      terms: { orderType: 'LIMIT', limitPrice: price, timeInForce },
    };
  }
  if (market && !limit)
    return {
      ...ids,
      quantity: quantityOfUnits(unitsOf(market.quantity)),
      terms: { orderType: 'MARKET' },
    };
  throw new DomainError(
    DomainErrorCode.BAD_USER_INPUT,
    'Field "terms" must have exactly one member.',
  );
}

function unitsOf(decimal: string): bigint {
  const units = parseUnits(decimal);
  invariant(units !== null, `the Decimal scalar let ${JSON.stringify(decimal)} through`);
  return units;
}
