import { toTimestamp } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { AggressorSide } from './feed-event.ts';
import { levelView } from './book/level-view.ts';
import type { MarketTrade } from './trade.ts';

/** A public trade as the API shows it. */
export interface TradeView {
  readonly tradeId: string;
  readonly symbol: string;
  readonly price: string;
  readonly quantity: string;
  readonly aggressorSide: AggressorSide;
  readonly exchangeTime: string;
  readonly receivedTime: string;
  readonly sequence: string;
}

/** See {@link TradeView}. */
export function tradeView(trade: MarketTrade, instrument: Instrument): TradeView {
  return {
    ...levelView(trade, instrument),
    tradeId: trade.tradeId,
    symbol: trade.symbol,
    aggressorSide: trade.aggressorSide,
    exchangeTime: toTimestamp(trade.exchangeTimeMs),
    receivedTime: toTimestamp(trade.receivedAtMs),
    sequence: String(trade.sequence),
  };
}
