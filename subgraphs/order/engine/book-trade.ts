import { formatUnits } from '#shared/domain/decimal.ts';
import {
  type HoldId,
  parseFillId,
  parseTradeId,
  type TradeId,
  trusted,
} from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { notional } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { LiquiditySide } from '../domain/fill.ts';
import type { SettlementSide } from '../domain/ports/funds.ts';
import type { RecordedOrder } from '../domain/order-event.ts';
import { fillOrder } from '../domain/order-progress.ts';
import { type BookPlace, isClosed, isOpen, type OrderSide } from '../domain/order.ts';
import { releaseOf } from './end-order.ts';
import type { Turn } from './turn.ts';

/** A client's order in a trade; the other side may be the house. */
interface TradeParty {
  readonly order: RecordedOrder;
  readonly liquiditySide: LiquiditySide;
  /** Its place in its book afterwards; omitted if unchanged. */
  readonly place?: BookPlace | null;
}

/** A trade that has happened at the venue. */
export interface Trade {
  readonly instrument: Instrument;
  readonly price: Price;
  readonly quantity: Quantity;
  /** One party if the house is the other. The first one's fill is reported first. */
  readonly parties: readonly [TradeParty] | readonly [TradeParty, TradeParty];
}

/**
 * Books a trade: a fill for each client order in it, and one settlement for the ledger.
 * @returns its id
 * @throws Error (an invariant) if an order is not open or would trade beyond its hold
 */
export function bookTrade(turn: Turn, trade: Trade): TradeId {
  const { instrument, price, quantity } = trade;
  const tradeId = trusted(parseTradeId, turn.newId());
  const sides: Partial<Record<OrderSide, SettlementSide>> = {};
  const left: RecordedOrder[] = [];
  for (const { order, liquiditySide, place = null } of trade.parties) {
    invariant(isOpen(order), `order ${order.id} trades and is ${order.state.status}`);
    const fillId = trusted(parseFillId, turn.newId());
    turn.suspect(order.id);
    const part = { fillId, tradeId, price, quantity, liquiditySide, place };
    const filled = fillOrder(order, part, instrument, turn.at);
    turn.updateByFill(filled.order, filled.fill);
    if (order.state.status === 'PENDING_UPDATE' && isClosed(filled.order)) left.push(order);
    sides[order.side] = {
      accountId: order.accountId,
      orderId: order.id,
      fillId,
      holdId: order.id as string as HoldId,
      fee: formatUnits(filled.fill.fee),
      release: formatUnits(filled.settlement.released),
    };
  }
  // A private agreement is not a trade on the book.
  if (trade.parties[0].order.link.rfqId === null) turn.noteTrade(instrument, price);
  // The store does not say whose fill it refuses.
  turn.suspect(...trade.parties.map(({ order }) => order.id));
  turn.tellLedger({
    settleTrade: {
      tradeId,
      base: instrument.base,
      quote: instrument.quote,
      quantity: formatUnits(quantity),
      cost: formatUnits(notional(price, quantity)),
      buyer: sides.BUY ?? houseSide(turn),
      seller: sides.SELL ?? houseSide(turn),
    },
  });
  // A requested change may be granted after its order has ended.
  for (const order of left) turn.tellLedger(releaseOf(order));
  return tradeId;
}

/** The house has no order and no hold: it pays from what is free, without a fee. */
function houseSide(turn: Turn): SettlementSide {
  const fillId = trusted(parseFillId, turn.newId());
  return { accountId: null, orderId: null, fillId, holdId: null, fee: '0', release: '0' };
}
