import { divideUp } from '#shared/domain/decimal.ts';
import { formatMoney, type Money, moneyOfUnits, notional } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { WHOLE_BPS } from '../basis-points.ts';
import type { OrderSide } from '../order.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { RfqAccept } from './rfq.ts';

/** Limits on accepted trades that are not settled yet, in the quote asset. */
export interface CreditLimit {
  /** The sum of purchases and sales. */
  readonly gross: Money;
  /** The absolute difference between purchases and sales. */
  readonly net: Money;
}

/** The limits that apply when a quote is accepted. */
export interface CreditLimits {
  readonly client: CreditLimit;
  readonly desk: CreditLimit;
}

/** The accepted trades that are not settled yet, in one quote asset. */
export interface Exposure {
  readonly gross: Money;
  /** From the client's view: positive if it bought more than it sold. */
  readonly net: Money;
  /** The parts that are not decided yet, by the client's side. */
  readonly pending: Readonly<Record<OrderSide, Money>>;
}

/** An accepted trade that is not settled. */
export interface Unsettled {
  readonly side: OrderSide;
  readonly notional: Money;
  /** Set while it is not decided, and may still come to nothing. */
  readonly isPending?: true;
}

/**
 * An accept that is not decided, as it counts: a purchase with the slippage that it allows, because it may be filled
 * there. A better price than the accepted one is the client's, and never makes an accept exceed a limit.
 */
export function unsettledAccept({
  side,
  price,
  quantity,
  maxSlippageBps,
}: Pick<RfqAccept, 'side' | 'price' | 'quantity' | 'maxSlippageBps'>): Unsettled {
  const slip = side === 'BUY' ? BigInt(maxSlippageBps) : 0n;
  const worst = priceOfUnits(divideUp(price * (WHOLE_BPS + slip), WHOLE_BPS));
  return { side, notional: notional(worst, quantity), isPending: true };
}

/** Adds up the trades. */
export function exposureOf(trades: Iterable<Unsettled>): Exposure {
  let [gross, net] = [0n, 0n];
  const pending = { BUY: 0n, SELL: 0n };
  for (const { side, notional, isPending } of trades) {
    gross += notional;
    net += side === 'BUY' ? notional : -notional;
    if (isPending) pending[side] += notional;
  }
  return {
    gross: moneyOfUnits(gross),
    net: moneyOfUnits(net),
    pending: { BUY: moneyOfUnits(pending.BUY), SELL: moneyOfUnits(pending.SELL) },
  };
}

/**
 * What a client may have traded more on one side than on the other, as a count of 10^-18: pending
 * trades of the other side may still fail, so they make no room. Negative if it is surely less.
 */
export function netOn(side: OrderSide, { net, pending }: Exposure): bigint {
  return side === 'BUY' ? net + pending.SELL : pending.BUY - net;
}

/**
 * CREDIT_LIMIT_EXCEEDED, if one more trade would exceed a limit; null otherwise. A trade that reaches a limit exactly
 * passes. A client learns its own figures, and of the desk's, which are those of all clients, only the name of the rule.
 */
export function creditRefusal(
  whose: keyof CreditLimits,
  limit: CreditLimit,
  before: readonly Unsettled[],
  trade: Unsettled,
  quoteScale: number,
): RfqRefusal | null {
  const after = exposureOf([...before, trade]);
  const broken = [
    { rule: `${whose}.gross`, limit: limit.gross, actual: after.gross },
    { rule: `${whose}.net`, limit: limit.net, actual: moneyOfUnits(netOn(trade.side, after)) },
  ].find((one) => one.actual > one.limit);
  if (broken === undefined) return null;
  if (whose === 'desk')
    return rfqRefusal(
      'CREDIT_LIMIT_EXCEEDED',
      'The desk has too many unsettled trades to take this one now.',
      { rule: broken.rule },
    );
  const [most, actual] = [broken.limit, broken.actual].map((one) => formatMoney(one, quoteScale));
  const message = `With this trade ${actual} would be unsettled; the limit is ${most}.`;
  return rfqRefusal('CREDIT_LIMIT_EXCEEDED', message, {
    rule: broken.rule,
    limit: most ?? null,
    actual: actual ?? null,
  });
}
