import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { ONE } from '#shared/domain/decimal.ts';
import { notional } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Quantity } from '#shared/domain/quantity.ts';
import type { AggressorSide } from './feed-event.ts';

/** Nobody trades more: the candles of its day and week could not be stored. */
const MOST_QUANTITY = 10n ** 17n * ONE;
const MOST_NOTIONAL = 10n ** 15n * ONE;

/** A public trade of one instrument. */
export interface MarketTrade {
  readonly symbol: InstrumentSymbol;
  /** The venue's id of it. */
  readonly tradeId: string;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly aggressorSide: AggressorSide;
  /** By the venue's clock, milliseconds since the epoch. */
  readonly exchangeTimeMs: number;
  /** When it was received, milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** +1 with every received trade of the feed; continues over a restart. */
  readonly sequence: number;
}

/** Whether a trade is one: a venue that prints nothing has traded nothing, and one far beyond all money is a mistake. */
export function isTrade({ price, quantity }: Pick<MarketTrade, 'price' | 'quantity'>): boolean {
  if (quantity <= 0n || quantity > MOST_QUANTITY) return false;
  return notional(price, quantity) <= MOST_NOTIONAL;
}

/** The newest trades of one instrument, up to a capacity. */
export class TradeTape {
  readonly #capacity: number;
  /** Oldest first; trimmed by half its surplus at a time, so that adding stays cheap. */
  #trades: MarketTrade[];

  /** @param restored trades from before the restart, oldest first */
  constructor(capacity: number, restored: readonly MarketTrade[] = []) {
    this.#capacity = capacity;
    this.#trades = restored.slice(-capacity);
  }

  add(trade: MarketTrade): void {
    this.#trades.push(trade);
    if (this.#trades.length >= 2 * this.#capacity) this.#trades = this.#kept();
  }

  /** Forgets trades from this sequence on. */
  forgetFrom(sequence: number): void {
    this.#trades = this.#trades.filter((trade) => trade.sequence < sequence);
  }

  /** The newest trade, or null. */
  newest(): MarketTrade | null {
    return this.#trades.at(-1) ?? null;
  }

  /** At most `count` trades with a sequence below `before`, newest first. */
  latest(count: number, before = Infinity): MarketTrade[] {
    const kept = this.#kept();
    const end = kept.findLastIndex((trade) => trade.sequence < before) + 1;
    return kept.slice(Math.max(0, end - count), end).reverse();
  }

  #kept(): MarketTrade[] {
    return this.#trades.slice(-this.#capacity);
  }
}
