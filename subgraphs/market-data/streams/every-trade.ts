import type { MarketState, TapeChange } from '../domain/market-state.ts';
import { tradeView } from '../domain/trade-view.ts';
import { type StreamGap, streamGap, type TradeSnapshot, type TradeUpdate } from './frames.ts';
import type { WholeStream } from './whole-source.ts';

/** How many trades of before its beginning a stream tells. */
const SNAPSHOT_TRADES = 50;

/** Every public trade of one instrument, after the newest ones of before. */
export class EveryTrade implements WholeStream<
  TapeChange,
  TradeSnapshot | TradeUpdate | StreamGap
> {
  readonly symbol: string;
  readonly #market: MarketState;
  #sentSequence = 0;

  constructor(market: MarketState) {
    this.symbol = market.instrument.symbol;
    this.#market = market;
  }

  get sentSequence(): number {
    return this.#sentSequence;
  }

  get newestSequence(): number {
    return this.#market.tradeSequence;
  }

  /** A market without trades is quiet, not stale: any word about the instrument counts. */
  get sourceAtMs(): number | null {
    return this.#market.lastMessageAtMs;
  }

  listen(push: (change: TapeChange) => void): () => void {
    return this.#market.onTape.add(push);
  }

  fresh(): TradeSnapshot[] {
    this.#sentSequence = this.newestSequence;
    const { instrument, tape } = this.#market;
    const trades = tape.latest(SNAPSHOT_TRADES).map((trade) => tradeView(trade, instrument));
    const sequence = String(this.newestSequence);
    return [{ __typename: 'TradeSnapshot', symbol: this.symbol, trades, sequence }];
  }

  frames(change: TapeChange): (TradeSnapshot | TradeUpdate | StreamGap)[] {
    const previous = this.#sentSequence;
    if (change.kind === 'lost') {
      const to = Math.max(this.newestSequence, previous + 1);
      const gap = streamGap(this.symbol, 'FEED_GAP', { from: previous, to });
      return [gap, ...this.fresh()];
    }
    if (change.trade.sequence <= previous) return [];
    this.#sentSequence = change.trade.sequence;
    const trade = tradeView(change.trade, this.#market.instrument);
    return [
      {
        __typename: 'TradeUpdate',
        trade,
        sequence: trade.sequence,
        previousSequence: String(previous),
      },
    ];
  }

  turnsStale(): boolean {
    return false;
  }
}
