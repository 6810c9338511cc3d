import { describe, expect, it } from 'vitest';
import type { AccountId, ClientOrderId, InstrumentSymbol } from '#shared/domain/ids.ts';
import { parsePrice } from '#shared/domain/price.ts';
import { parseQuantity } from '#shared/domain/quantity.ts';
import { differingFields } from './order-body.ts';
import type { OrderTerms } from './order.ts';

function limit(price: string, timeInForce: 'GTC' | 'IOC' = 'GTC'): OrderTerms {
  return { orderType: 'LIMIT', limitPrice: parsePrice(price) ?? (0n as never), timeInForce };
}

function order(quantity: string, terms: OrderTerms, side: 'BUY' | 'SELL' = 'BUY') {
  return {
    accountId: 'account' as AccountId,
    clientOrderId: 'client' as ClientOrderId,
    symbol: 'BTC-USDT' as InstrumentSymbol,
    side,
    terms,
    quantity: parseQuantity(quantity) ?? (0n as never),
  };
}

describe('two orders of one clientOrderId', () => {
  it('are the same when only zeros behind the point differ', () => {
    expect(differingFields(order('0.10', limit('60000.0')), order('0.1', limit('60000')))).toEqual(
      [],
    );
  });

  it('differ in each field that asks for something else, in a fixed order', () => {
    expect(
      differingFields(order('0.1', limit('60000')), order('0.2', limit('60001', 'IOC'), 'SELL')),
    ).toEqual(['side', 'quantity', 'limitPrice', 'timeInForce']);
  });

  it('differ in all that goes with the order type', () => {
    expect(
      differingFields(
        order('1', limit('60000')),
        order('1', { orderType: 'MARKET', timeInForce: 'IOC' }),
      ),
    ).toEqual(['orderType', 'limitPrice', 'timeInForce']);
  });
});
