import { formatUnits } from '#shared/domain/decimal.ts';
import type { AssetCode } from '#shared/domain/ids.ts';
import type { Instrument as InstrumentModel } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import { bookView } from '../domain/book/book-view.ts';
import { consolidatedMarket } from '../domain/consolidated-market.ts';
import { consolidatedView } from '../domain/consolidated-view.ts';
import { markPriceOf } from '../domain/prices/mark-price.ts';
import { quoteView } from '../domain/quote-view.ts';
import { tickerView } from '../domain/candles/ticker-view.ts';
import { venueListingView } from '../domain/catalog/venue-listing-view.ts';
import type { MarketDataUseCases } from '../use-cases.ts';
import { candles } from './instrument-candles.ts';
import { trades } from './instrument-trades.ts';
import { marketOf } from './markets-of.ts';
import { parseDepth } from './parse-depth.ts';
import { parsePriceStep } from './parse-price-step.ts';

/** The fields of an instrument beyond its own properties. */
export const Instrument: InstrumentResolvers = {
  __resolveReference: ({ symbol }, { useCases }) => useCases.instrument(symbol),
  base: ({ base }, _args, { useCases }) => assetOf(base, useCases),
  quoteAsset: ({ quote }, _args, { useCases }) => assetOf(quote, useCases),
  status: ({ symbol }, _args, { useCases }) => marketOf(symbol, useCases).status.status,
  listings: ({ symbol }, _args, { useCases }) =>
    useCases
      .marketsOfVenues(symbol)
      .flatMap(({ listing }) => (listing === null ? [] : venueListingView(listing))),
  rules: (instrument) => rulesOf(instrument),
  makerFeeRate: ({ makerFeeRate }) => formatUnits(makerFeeRate),
  takerFeeRate: ({ takerFeeRate }) => formatUnits(takerFeeRate),
  quote: ({ symbol }, _args, { useCases }) => {
    const market = marketOf(symbol, useCases);
    return market.quote === null ? null : quoteView(market.quote, market, useCases.nowMs());
  },
  markPrice: ({ symbol, priceScale }, _args, { useCases }) => {
    const price = markPriceOf(marketOf(symbol, useCases), useCases.nowMs());
    return price === null ? null : formatPrice(price, priceScale);
  },
  orderBook: (instrument, { depth, priceStep }, { useCases }) => {
    const wish = { depth: parseDepth(depth), priceStep: parsePriceStep(priceStep, instrument) };
    return bookView(marketOf(instrument.symbol, useCases), wish, useCases.nowMs());
  },
  ticker: ({ symbol }, _args, { useCases }) => {
    const market = marketOf(symbol, useCases);
    const ticker = market.ticker(useCases.nowMs());
    return ticker === null ? null : tickerView(market, ticker);
  },
  consolidatedBook: (instrument, { depth }, { useCases }) => {
    const now = { depth: parseDepth(depth), nowMs: useCases.nowMs() };
    const market = consolidatedMarket(useCases.marketsOfVenues(instrument.symbol), now);
    return consolidatedView(market, instrument, now.nowMs);
  },
  trades,
  candles,
};

function assetOf(code: AssetCode, useCases: MarketDataUseCases) {
  const asset = useCases.asset(code);
  invariant(asset !== null, `an instrument names the unknown asset ${code}`);
  return asset;
}

function rulesOf(instrument: InstrumentModel) {
  const { priceScale, quantityScale } = instrument;
  return {
    tickSize: formatPrice(instrument.tickSize, priceScale),
    quantityStep: formatQuantity(instrument.quantityStep, quantityScale),
    minQuantity: formatQuantity(instrument.minQuantity, quantityScale),
    maxQuantity: formatQuantity(instrument.maxQuantity, quantityScale),
    minNotional: formatMoney(instrument.minNotional),
    maxNotional: formatMoney(instrument.maxNotional),
    collarRate: formatUnits(instrument.collarRate),
    maxQuoteAgeMs: instrument.maxQuoteAgeMs,
  };
}
