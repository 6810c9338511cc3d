import { formatUnits } from '#shared/domain/decimal.ts';
import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { toTimestamp } from '#shared/domain/clock.ts';
import type {
  Candle,
  CandleGapReason,
  CandleInterval,
  CandleSource,
} from '../domain/candles/candle.ts';
import type { AggressorSide } from '../domain/feed-event.ts';
import type { MarketTrade } from '../domain/trade.ts';
import { storedUnits } from './stored-units.ts';

/** A candle as raw SQL answers it, decimals as text. */
export interface StoredCandle {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly open_time: Date;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quote_volume: string;
  readonly trade_count: number;
  readonly taker_buy_volume: string;
  readonly closed: boolean;
  readonly revision: number;
  readonly source: CandleSource;
  readonly gap_from: Date | null;
  readonly gap_reason: CandleGapReason | null;
  readonly loss_reason: CandleGapReason | null;
}

/** A trade as raw SQL answers it, decimals as text. */
export interface StoredTrade {
  readonly symbol: string;
  readonly sequence: bigint;
  readonly trade_id: string;
  readonly price: string;
  readonly quantity: string;
  readonly aggressor_side: AggressorSide;
  readonly exchange_time: Date;
  readonly received_time: Date;
}

/** Row → domain. When its first and last trade were is not stored: see the fields of Candle. */
export function candleOf(row: StoredCandle): Candle {
  const openTimeMs = row.open_time.getTime();
  return {
    symbol: trusted(parseInstrumentSymbol, row.symbol),
    interval: row.interval,
    openTimeMs,
    open: priceOfUnits(storedUnits(row.open)),
    high: priceOfUnits(storedUnits(row.high)),
    low: priceOfUnits(storedUnits(row.low)),
    close: priceOfUnits(storedUnits(row.close)),
    volume: quantityOfUnits(storedUnits(row.volume)),
    quoteVolume: moneyOfUnits(storedUnits(row.quote_volume)),
    tradeCount: row.trade_count,
    takerBuyVolume: quantityOfUnits(storedUnits(row.taker_buy_volume)),
    closed: row.closed,
    revision: row.revision,
    source: row.source,
    gap: gapOf(row),
    loss: row.loss_reason,
    firstTradeAtMs: openTimeMs,
    lastTradeAtMs: openTimeMs,
  };
}

function gapOf({ gap_from, gap_reason }: StoredCandle): Candle['gap'] {
  if (gap_from === null || gap_reason === null) return null;
  return { fromMs: gap_from.getTime(), reason: gap_reason };
}

/** Row → domain. */
export function tradeOf(row: StoredTrade): MarketTrade {
  return {
    symbol: trusted(parseInstrumentSymbol, row.symbol),
    sequence: Number(row.sequence),
    tradeId: row.trade_id,
    price: priceOfUnits(storedUnits(row.price)),
    quantity: quantityOfUnits(storedUnits(row.quantity)),
    aggressorSide: row.aggressor_side,
    exchangeTimeMs: row.exchange_time.getTime(),
    receivedAtMs: row.received_time.getTime(),
  };
}

/** Domain → the record that the INSERT reads out of JSON. */
export function candleRecord(candle: Candle) {
  return {
    symbol: candle.symbol,
    interval: candle.interval,
    open_time: toTimestamp(candle.openTimeMs),
    open: formatUnits(candle.open),
    high: formatUnits(candle.high),
    low: formatUnits(candle.low),
    close: formatUnits(candle.close),
    volume: formatUnits(candle.volume),
    quote_volume: formatUnits(candle.quoteVolume),
    trade_count: candle.tradeCount,
    taker_buy_volume: formatUnits(candle.takerBuyVolume),
    closed: candle.closed,
    revision: candle.revision,
    source: candle.source,
    gap_from: candle.gap === null ? null : toTimestamp(candle.gap.fromMs),
    gap_reason: candle.gap?.reason ?? null,
    loss_reason: candle.loss,
  };
}

/** Domain → the record that the INSERT reads out of JSON. */
export function tradeRecord(trade: MarketTrade) {
  return {
    symbol: trade.symbol,
    sequence: trade.sequence,
    trade_id: trade.tradeId,
    price: formatUnits(trade.price),
    quantity: formatUnits(trade.quantity),
    aggressor_side: trade.aggressorSide,
    exchange_time: toTimestamp(trade.exchangeTimeMs),
    received_time: toTimestamp(trade.receivedAtMs),
  };
}
