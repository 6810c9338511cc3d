import { ageOf } from '#shared/domain/age.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Price } from '#shared/domain/price.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { OrderSide } from '../domain/order.ts';
import { type OutsideBounds, outsideFault, outsideQuote } from '../domain/rfq/outside-price.ts';
import type { QuoteAsk, QuotePricer } from '../domain/rfq/quote-pricer.ts';
import type { PricedQuote } from '../domain/rfq/rfq-quote.ts';
import type { MarketPricer } from './market-pricer.ts';
import type { OutsidePrices } from './outside-prices.ts';
import type { OutsideAsk } from './wanted-price.ts';

/** The part of {@link OutsidePrices} that a pricer needs. */
export type PriceSource = Pick<OutsidePrices, 'price' | 'prepare'>;

/**
 * Quotes the prices of an outside pricer, checked against our own market. Without a fresh market there are none. The
 * last look, the house's limits and the market recorded in a quote stay the desk's own. The pricer's price of a quantity
 * is not that of the same quantity once more, so it quotes no side on which the client has taken something since the
 * price was requested, or just now.
 */
export class OutsidePricer implements QuotePricer {
  readonly #market: MarketPricer;
  readonly #prices: PriceSource;
  readonly #bounds: OutsideBounds;
  readonly #logger: Logger;
  /** Instruments whose last price was not used. */
  readonly #doubted = new Set<string>();

  constructor(options: {
    readonly market: MarketPricer;
    readonly prices: PriceSource;
    readonly bounds: OutsideBounds;
    readonly logger: Logger;
  }) {
    this.#market = options.market;
    this.#prices = options.prices;
    this.#bounds = options.bounds;
    this.#logger = options.logger;
  }

  prepare(ask: QuoteAsk, instrument: Instrument): Promise<void> {
    return this.#prices.prepare(this.#outsideAsk(ask, instrument), ask.wantedBy);
  }

  price(ask: QuoteAsk, instrument: Instrument, nowMs: number): PricedQuote | null {
    const { symbol } = instrument;
    const price = this.#prices.price(this.#outsideAsk(ask, instrument), ask.wantedBy);
    const market = this.#market.market(instrument, nowMs);
    if (price === null || market === null) return null;
    const { midPrice } = market;
    const fault = outsideFault(price, { ...market, nowMs }, this.#bounds, instrument);
    if (fault !== null) {
      if (!this.#doubted.has(symbol))
        this.#logger.warn({ symbol, fault }, 'external price rejected');
      this.#doubted.add(symbol);
      return null;
    }
    this.#doubted.delete(symbol);
    const room = (side: OrderSide) => this.#market.quotableRoom(side, instrument, midPrice);
    const taken = ask.takenSince?.(ageOf(price.askedAt, nowMs));
    return outsideQuote({ ...ask, taken }, price, room, instrument);
  }

  priceBeyond(): Price | null {
    return null;
  }

  #outsideAsk({ size, tier }: QuoteAsk, instrument: Instrument): OutsideAsk {
    const marketAt = (nowMs: number) => this.#market.market(instrument, nowMs);
    return { symbol: instrument.symbol, size, tier, marketAt };
  }

  midPrice(instrument: Instrument, nowMs: number): Price | null {
    return this.#market.midPrice(instrument, nowMs);
  }

  room(houseSide: OrderSide, instrument: Instrument, mid: Price): bigint | null {
    return this.#market.room(houseSide, instrument, mid);
  }
}
