import { formatUnits } from '#shared/domain/decimal.ts';
import type { AssetCode } from '#shared/domain/ids.ts';
import type { Instrument as InstrumentModel } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import type { MarketDesk } from '../context.ts';
import { bookView } from '../domain/book-view.ts';
import { consolidatedMarket } from '../domain/consolidated-market.ts';
import { consolidatedView } from '../domain/consolidated-view.ts';
import { midOf } from '../domain/quote.ts';
import { quoteView } from '../domain/quote-view.ts';
import { tickerView } from '../domain/ticker-view.ts';
import { venueListingView } from '../domain/venue-listing-view.ts';
import { marketOf, parseDepth, parsePriceStep } from './arguments.ts';
import { candles } from './instrument-candles.ts';
import { trades } from './instrument-trades.ts';

/** What an instrument tells beyond its own properties. */
export const Instrument: InstrumentResolvers = {
  __resolveReference: ({ symbol }, { desk }) => desk.catalog.instruments.get(symbol) ?? null,
  base: ({ base }, _args, { desk }) => assetOf(base, desk),
  quoteAsset: ({ quote }, _args, { desk }) => assetOf(quote, desk),
  status: ({ symbol }, _args, { desk }) => marketOf(symbol, desk).status.status,
  listings: ({ symbol }, _args, { desk }) =>
    desk.markets
      .ofEveryVenue(symbol)
      .flatMap(({ listing }) => (listing === null ? [] : venueListingView(listing))),
  rules: (instrument) => rulesOf(instrument),
  makerFeeRate: ({ makerFeeRate }) => formatUnits(makerFeeRate),
  takerFeeRate: ({ takerFeeRate }) => formatUnits(takerFeeRate),
  quote: ({ symbol }, _args, { desk }) => {
    const market = marketOf(symbol, desk);
    return market.quote === null ? null : quoteView(market.quote, market, desk.clock.now());
  },
  markPrice: ({ symbol, priceScale }, _args, { desk }) => {
    const market = marketOf(symbol, desk);
    const { quote } = market;
    if (quote === null || market.freshnessOf(quote, desk.clock.now()).stale) return null;
    const mid = midOf(quote);
    return mid === null ? null : formatPrice(mid, priceScale);
  },
  orderBook: (instrument, { depth, priceStep }, { desk }) => {
    const wish = { depth: parseDepth(depth), priceStep: parsePriceStep(priceStep, instrument) };
    return bookView(marketOf(instrument.symbol, desk), wish, desk.clock.now());
  },
  ticker: ({ symbol }, _args, { desk }) => tickerView(marketOf(symbol, desk), desk.clock.now()),
  consolidatedBook: (instrument, { depth }, { desk }) => {
    const now = { depth: parseDepth(depth), nowMs: desk.clock.now() };
    const market = consolidatedMarket(desk.markets.ofEveryVenue(instrument.symbol), now);
    return consolidatedView(market, instrument, now.nowMs);
  },
  trades,
  candles,
};

function assetOf(code: AssetCode, { catalog }: MarketDesk) {
  const asset = catalog.assets.get(code);
  invariant(asset !== undefined, `an instrument names the unknown asset ${code}`);
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
