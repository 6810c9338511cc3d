import type { FeedEvent } from '../domain/feed-event.ts';
import { integerOf } from './malformed-frame.ts';

/** One instrument's trades, whose venue counts them one by one. */
export class TradeSequence {
  /** Null before the first. */
  #lastTradeId: number | null = null;

  /**
   * Takes the next trade; a repeated one is dropped, and a hole is told before the trade that
   * shows it.
   * @throws MalformedFrameError if its id is no counter
   */
  follow(trade: FeedEvent & { readonly kind: 'trade' }): FeedEvent[] {
    const tradeId = integerOf(Number(trade.tradeId));
    const last = this.#lastTradeId;
    if (last !== null && tradeId <= last) return [];
    this.#lastTradeId = tradeId;
    const isGap = last !== null && tradeId > last + 1;
    return isGap ? [{ kind: 'tradesLost', symbol: trade.symbol }, trade] : [trade];
  }

  /** Trades up to this one happened before we listened. @throws MalformedFrameError */
  startAfter(tradeId: unknown): void {
    this.#lastTradeId = Math.max(this.#lastTradeId ?? 0, integerOf(Number(tradeId)));
  }
}
