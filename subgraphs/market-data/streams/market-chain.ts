import type { MarketState } from '../domain/market-state.ts';
import type { WholeStream } from './whole-source.ts';

/**
 * The common part of market streams whose frames are chained by a sequence and never become stale.
 * A market in which nothing happens is quiet, so any message about the instrument shows that the
 * feed is alive.
 */
export abstract class MarketChain<Item, Frame> implements WholeStream<Item, Frame> {
  readonly symbol: string;
  protected readonly market: MarketState;
  protected sent = 0;

  constructor(market: MarketState) {
    this.symbol = market.instrument.symbol;
    this.market = market;
  }

  get sentSequence(): number {
    return this.sent;
  }

  get sourceAtMs(): number | null {
    return this.market.lastMessageAtMs;
  }

  isStale(): null {
    return null;
  }

  staleHasChanged(): boolean {
    return false;
  }

  abstract get newestSequence(): number;
  abstract listen(push: (item: Item) => void): () => void;
  abstract fresh(): Frame[];
  abstract frames(item: Item): Frame[];
}
