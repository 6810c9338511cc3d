import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits, notional, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Price } from '#shared/domain/price.ts';
import { quantityOfUnits, type Quantity, ZERO_QUANTITY } from '#shared/domain/quantity.ts';
import type { MarketTrade } from '../trade.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long one candle of each interval lasts, in milliseconds. */
export const INTERVAL_MS = {
  ONE_SECOND: SECOND_MS,
  ONE_MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  THIRTY_MINUTES: 30 * MINUTE_MS,
  ONE_HOUR: HOUR_MS,
  FOUR_HOURS: 4 * HOUR_MS,
  ONE_DAY: DAY_MS,
  ONE_WEEK: 7 * DAY_MS,
} as const;

/** How long one candle lasts; all begin at UTC boundaries, a week on Monday. */
export type CandleInterval = keyof typeof INTERVAL_MS;

/** Every interval, shortest first. */
export const CANDLE_INTERVALS = Object.keys(INTERVAL_MS) as readonly CandleInterval[];

/** The epoch was a Thursday; the first Monday came four days later. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/**
 * Why candles, or trades of one, are missing. FEED_LOST: the venue's feed lost something.
 * RESTARTED: this server was not running. SILENT: nothing was traded for very long. NOT_IMPORTED:
 * the imported files have none there.
 */
export type CandleGapReason = 'FEED_LOST' | 'RESTARTED' | 'SILENT' | 'NOT_IMPORTED';

/** Intervals without candles just before one. */
export interface CandleGap {
  /** Open time of the first missing candle; the last one ends where this candle opens. */
  readonly fromMs: number;
  readonly reason: CandleGapReason;
}

/** What a candle was made of: our own trades, a file, or shorter candles of a file. */
export type CandleSource = 'TRADES' | 'IMPORTED' | 'ROLLED_UP';

/** The trades of one interval in five prices and their sums. Immutable: a change makes a new one. */
export interface Candle {
  readonly symbol: InstrumentSymbol;
  readonly interval: CandleInterval;
  /** Inclusive, milliseconds since the epoch. */
  readonly openTimeMs: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  /** Base units. */
  readonly volume: Quantity;
  /** Quote units. */
  readonly quoteVolume: Money;
  /** 0 in an empty candle, whose prices are the previous close. */
  readonly tradeCount: number;
  /** Base units bought by takers. */
  readonly takerBuyVolume: Quantity;
  readonly closed: boolean;
  /** From 1; a correction after the close makes the next one. */
  readonly revision: number;
  readonly source: CandleSource;
  /** Null if the candle follows the one before. */
  readonly gap: CandleGap | null;
  /** Why trades of the interval may be missing; null if none are. */
  readonly loss: CandleGapReason | null;
  /** Exchange time of the trade that gave `open`; the open time if it is not known any more. */
  readonly firstTradeAtMs: number;
  /** Exchange time of the trade that gave `close`; the open time if it is not known any more. */
  readonly lastTradeAtMs: number;
}

/** When the candle that contains this instant begins. */
export function openTimeOf(interval: CandleInterval, atMs: number): number {
  const offset = interval === 'ONE_WEEK' ? FIRST_MONDAY_MS : 0;
  return Math.floor((atMs - offset) / INTERVAL_MS[interval]) * INTERVAL_MS[interval] + offset;
}

/** Exclusive: the next candle's open time. */
export function closeTimeOf({ interval, openTimeMs }: Candle): number {
  return openTimeMs + INTERVAL_MS[interval];
}

/** A candle without trades yet, at the price before it. */
export function emptyCandle(
  place: Pick<Candle, 'symbol' | 'interval' | 'openTimeMs'>,
  previousClose: Price,
): Candle {
  return {
    ...place,
    open: previousClose,
    high: previousClose,
    low: previousClose,
    close: previousClose,
    volume: ZERO_QUANTITY,
    quoteVolume: ZERO_MONEY,
    tradeCount: 0,
    takerBuyVolume: ZERO_QUANTITY,
    closed: false,
    revision: 1,
    source: 'TRADES',
    gap: null,
    loss: null,
    firstTradeAtMs: place.openTimeMs,
    lastTradeAtMs: place.openTimeMs,
  };
}

/** The candle at one price. */
export function withPrice(candle: Candle, price: Price): Candle {
  return { ...candle, open: price, high: price, low: price, close: price };
}

/** The candle with one more trade in it, wherever inside the interval the trade was. */
export function withTrade(candle: Candle, trade: MarketTrade): Candle {
  const { price, quantity, exchangeTimeMs } = trade;
  const isFirst = candle.tradeCount === 0;
  const opens = isFirst || exchangeTimeMs < candle.firstTradeAtMs;
  const closes = isFirst || exchangeTimeMs >= candle.lastTradeAtMs;
  const bought = trade.aggressorSide === 'BUY' ? quantity : 0n;
  return {
    ...candle,
    open: opens ? price : candle.open,
    high: isFirst || price > candle.high ? price : candle.high,
    low: isFirst || price < candle.low ? price : candle.low,
    close: closes ? price : candle.close,
    volume: quantityOfUnits(candle.volume + quantity),
    quoteVolume: moneyOfUnits(candle.quoteVolume + notional(price, quantity)),
    tradeCount: candle.tradeCount + 1,
    takerBuyVolume: quantityOfUnits(candle.takerBuyVolume + bought),
    firstTradeAtMs: opens ? exchangeTimeMs : candle.firstTradeAtMs,
    lastTradeAtMs: closes ? exchangeTimeMs : candle.lastTradeAtMs,
  };
}
