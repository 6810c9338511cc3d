import type { InstrumentSymbol } from '#shared/domain/ids.ts';
import type { CandleInterval } from '../domain/candles/candle.ts';

/** Intervals by the names that files and venues use. */
const INTERVALS: Readonly<Record<string, CandleInterval>> = {
  '1s': 'ONE_SECOND',
  '1m': 'ONE_MINUTE',
  '5m': 'FIVE_MINUTES',
  '15m': 'FIFTEEN_MINUTES',
  '30m': 'THIRTY_MINUTES',
  '1h': 'ONE_HOUR',
  '4h': 'FOUR_HOURS',
  '1d': 'ONE_DAY',
  '1w': 'ONE_WEEK',
};

/** The names that {@link intervalNamed} accepts, for messages. */
export const INTERVAL_CHOICES = Object.keys(INTERVALS).join(', ');

/** An interval by its usual name, like `15m`; null for any other. */
export function intervalNamed(name: string): CandleInterval | null {
  return Object.hasOwn(INTERVALS, name) ? (INTERVALS[name] ?? null) : null;
}

/** The interval in a file's name, like `BTCUSDT-1h-2024-01.csv`; null if there is none. */
export function intervalInName(file: string): CandleInterval | null {
  return (
    partsOf(file)
      .map(intervalNamed)
      .find((interval) => interval !== null) ?? null
  );
}

/** The instrument in a file's name, `BTCUSDT` or `BTC-USDT`; null if there is none. */
export function symbolInName(
  file: string,
  symbols: Iterable<InstrumentSymbol>,
): InstrumentSymbol | null {
  const parts = partsOf(file).map((part) => part.toUpperCase());
  const pairs = parts.map((part, index) => `${part}${parts[index + 1] ?? ''}`);
  for (const symbol of symbols) {
    const name = symbol.replace('-', '');
    if (parts.includes(name) || pairs.includes(name)) return symbol;
  }
  return null;
}

function partsOf(file: string): readonly string[] {
  return (file.split('/').at(-1) ?? '').split(/[._-]+/);
}
