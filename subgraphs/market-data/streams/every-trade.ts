import type { TapeChange } from '../domain/market-state.ts';
import { tradeView } from '../domain/trade-view.ts';
import { type StreamGap, streamGap, type TradeSnapshot, type TradeUpdate } from './frames.ts';
import { MarketChain } from './market-chain.ts';

/** How many earlier trades a stream begins with. */
const SNAPSHOT_TRADES = 50;

/** Every public trade of one instrument, after a snapshot of the latest ones. */
export class EveryTrade extends MarketChain<TapeChange, TradeSnapshot | TradeUpdate | StreamGap> {
  override get newestSequence(): number {
    return this.market.tradeSequence;
  }

  override listen(push: (change: TapeChange) => void): () => void {
    return this.market.onTape.add(push);
  }

  override fresh(): TradeSnapshot[] {
    this.sent = this.newestSequence;
    const { instrument, tape } = this.market;
    const trades = tape.latest(SNAPSHOT_TRADES).map((trade) => tradeView(trade, instrument));
    const sequence = String(this.newestSequence);
    return [{ __typename: 'TradeSnapshot', symbol: this.symbol, trades, sequence }];
  }

  override frames(change: TapeChange): (TradeSnapshot | TradeUpdate | StreamGap)[] {
    const previous = this.sent;
    if (change.kind === 'lost') {
      const to = Math.max(this.newestSequence, previous + 1);
      const gap = streamGap(this.symbol, 'FEED_GAP', { from: previous, to });
      return [gap, ...this.fresh()];
    }
    if (change.trade.sequence <= previous) return [];
    this.sent = change.trade.sequence;
    const trade = tradeView(change.trade, this.market.instrument);
    return [
      {
        __typename: 'TradeUpdate',
        trade,
        sequence: trade.sequence,
        previousSequence: String(previous),
      },
    ];
  }
}
