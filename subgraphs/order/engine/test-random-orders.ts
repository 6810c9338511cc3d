import fc from 'fast-check';
import { NO_INSTRUCTIONS, type OrderInstructions } from '../domain/order-instructions.ts';
import type { OrderSide, OrderTerms } from '../domain/order.ts';
import { money, price, quantity } from '../domain/test-orders.ts';
import { limitAt } from './test-placement.ts';

/** What a test asks for, whose account places it. */
export interface AskedOrder {
  readonly account: string;
  readonly side: OrderSide;
  /** Base units; "0" for an order by quote quantity. */
  readonly quantity: string;
  readonly terms: OrderTerms;
  readonly instructions: OrderInstructions;
}

/** Prices of a narrow market around 100. */
export const ticks: fc.Arbitrary<number> = fc.integer({ min: 9990, max: 10_010 });
/** Decimal text of a count of ticks. */
export const priceText = (count: number): string => `${count / 100}`;
const quantityText = (count: number) => (count / 100_000).toFixed(5);

const side = fc.constantFrom('BUY' as const, 'SELL' as const);
const steps = fc.integer({ min: 1, max: 300_000 });
const selfTradePrevention = fc.constantFrom(
  'CANCEL_TAKER' as const,
  'CANCEL_MAKER' as const,
  'CANCEL_BOTH' as const,
  'DECREMENT' as const,
);

type Kind = 'GTC' | 'IOC' | 'FOK' | 'MARKET' | 'BY_QUOTE' | 'REJECT' | 'REPRICE' | 'ICEBERG';

/** An order of one of the kinds, by one of the accounts. */
export function askedOrder(
  accounts: readonly string[],
  kinds: readonly Kind[],
): fc.Arbitrary<AskedOrder> {
  return fc
    .record({
      account: fc.constantFrom(...accounts),
      kind: fc.constantFrom(...kinds),
      side,
      ticks,
      steps,
      /** How often an iceberg shows again. */
      parts: fc.integer({ min: 1, max: 15 }),
      selfTradePrevention,
    })
    .map(({ account, side, steps: count, ...rest }) => ({
      account,
      side,
      quantity: rest.kind === 'BY_QUOTE' ? '0' : quantityText(count),
      terms: termsOf(rest.kind, rest.ticks),
      instructions: instructionsOf(rest, count),
    }));
}

function termsOf(kind: Kind, count: number): OrderTerms {
  switch (kind) {
    case 'MARKET':
      return { orderType: 'MARKET', timeInForce: 'IOC' };
    case 'BY_QUOTE':
      return { orderType: 'MARKET', timeInForce: count % 2 === 0 ? 'IOC' : 'FOK' };
    case 'IOC':
    case 'FOK':
      return { orderType: 'LIMIT', limitPrice: price(priceText(count)), timeInForce: kind };
    case 'GTC':
    case 'REJECT':
    case 'REPRICE':
    case 'ICEBERG':
      return limitAt(priceText(count));
  }
}

function instructionsOf(
  drawn: Pick<OrderInstructions, 'selfTradePrevention'> & {
    readonly kind: Kind;
    readonly parts: number;
  },
  count: number,
): OrderInstructions {
  const { kind, parts } = drawn;
  const shown = quantity(quantityText(Math.ceil(count / parts)));
  return {
    ...NO_INSTRUCTIONS,
    selfTradePrevention: drawn.selfTradePrevention,
    postOnly: kind === 'REJECT' || kind === 'REPRICE' ? kind : NO_INSTRUCTIONS.postOnly,
    displayQuantity: kind === 'ICEBERG' ? shown : null,
    quoteQuantity: kind === 'BY_QUOTE' ? money((count / 1000).toFixed(3)) : null,
  };
}
