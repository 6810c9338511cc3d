import { toTimestamp } from '#shared/domain/clock.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { formatMoney } from '#shared/domain/money.ts';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import {
  type Candle,
  type CandleGapReason,
  type CandleInterval,
  type CandleSource,
  closeTimeOf,
} from './candle.ts';

/** A candle as the API shows it. */
export interface CandleView {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly openTime: string;
  readonly closeTime: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly tradeCount: number;
  readonly takerBuyVolume: string;
  readonly closed: boolean;
  readonly revision: number;
  readonly source: CandleSource;
  readonly gapBefore: {
    readonly from: string;
    readonly to: string;
    readonly reason: CandleGapReason;
  } | null;
  readonly lossReason: CandleGapReason | null;
}

/** See {@link CandleView}. */
export function candleView(candle: Candle, instrument: Instrument): CandleView {
  const { priceScale, quantityScale, quoteScale } = instrument;
  return {
    symbol: candle.symbol,
    interval: candle.interval,
    openTime: toTimestamp(candle.openTimeMs),
    closeTime: toTimestamp(closeTimeOf(candle)),
    open: formatPrice(candle.open, priceScale),
    high: formatPrice(candle.high, priceScale),
    low: formatPrice(candle.low, priceScale),
    close: formatPrice(candle.close, priceScale),
    volume: formatQuantity(candle.volume, quantityScale),
    quoteVolume: formatMoney(candle.quoteVolume, quoteScale),
    tradeCount: candle.tradeCount,
    takerBuyVolume: formatQuantity(candle.takerBuyVolume, quantityScale),
    closed: candle.closed,
    revision: candle.revision,
    source: candle.source,
    gapBefore: gapView(candle),
    lossReason: candle.loss,
  };
}

function gapView({ gap, openTimeMs }: Candle): CandleView['gapBefore'] {
  if (gap === null) return null;
  return { from: toTimestamp(gap.fromMs), to: toTimestamp(openTimeMs), reason: gap.reason };
}
