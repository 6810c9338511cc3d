import type { FeedEvent } from '../domain/feed-event.ts';
import { integerOf } from './frames/malformed-frame.ts';
import { StaleCounters } from './stale-counters.ts';

/** One instrument's trades at a venue that numbers them consecutively. */
export class TradeSequence {
  /** Null before the first. */
  #lastTradeId: number | null = null;
  readonly #stale = new StaleCounters();

  /**
   * Takes the next trade. Drops a repeated one, and reports a gap before the trade that reveals it.
   * @throws MalformedFrameError if its id is not a counter, or the venue counts from below again
   */
  follow(trade: FeedEvent & { readonly kind: 'trade' }): FeedEvent[] {
    const tradeId = integerOf(Number(trade.tradeId));
    const last = this.#lastTradeId;
    if (last !== null && tradeId <= last) {
      this.#stale.drop(last);
      return [];
    }
    this.#lastTradeId = tradeId;
    const isGap = last !== null && tradeId > last + 1;
    return isGap ? [{ kind: 'tradesLost', symbol: trade.symbol }, trade] : [trade];
  }

  /** Starts after this trade, which happened before we subscribed. @throws MalformedFrameError */
  startAfter(tradeId: unknown): void {
    this.#lastTradeId = Math.max(this.#lastTradeId ?? 0, integerOf(Number(tradeId)));
  }
}
