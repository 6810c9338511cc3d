import { parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { VenueClock } from './venue-clock.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** A moment by a clock that is right. */
const NOW = Date.UTC(2026, 0, 31);
const symbol = trusted(parseInstrumentSymbol, 'BTC-USDT');
const none = { bids: [], asks: [] };
const change = (exchangeTimeMs: number | null): FeedEvent => ({
  ...{ kind: 'bookUpdate', symbol, exchangeTimeMs },
  ...none,
});
const quote = (exchangeTimeMs: number): FeedEvent => ({
  ...{ kind: 'quote', symbol, exchangeTimeMs },
  ...{ bid: null, ask: null },
});

/** Whether each event is believed that arrives so long after the moment; our clock is off by so much. */
function believed(offMs: number, arrivals: readonly (readonly [number, FeedEvent])[]): boolean[] {
  const clock = new VenueClock();
  return arrivals.map(([afterMs, event]) => {
    try {
      clock.follow([event], { clockMs: NOW + offMs + afterMs, monotonicMs: 5000 + afterMs });
      return true;
    } catch {
      return false;
    }
  });
}

describe('a time of a venue', () => {
  it('an hour ahead of our clock and of those before is not believed, and those after it are', () => {
    const [bad, good] = [change(NOW + HOUR), change(NOW + SECOND)];
    const arrivals = [
      [0, change(NOW)],
      [SECOND, bad],
      [SECOND, good],
    ] as const;
    expect(believed(0, arrivals)).toEqual([true, false, true]);
    expect(believed(-2 * HOUR, arrivals)).toEqual([true, false, true]);
  });

  it.each([
    ['first', []],
    ['after an old quote', [[0, quote(NOW - HOUR)]]],
    ['after a message without a time', [[0, change(null)]]],
  ] as const)('a day ahead of our clock is not believed %s', (_, before) => {
    const arrivals = [...before, [0, change(NOW + 1)], [0, change(NOW + DAY + 1)]] as const;
    expect(believed(-DAY, arrivals).slice(before.length)).toEqual([false, false]);
    expect(believed(1 - DAY, arrivals).slice(before.length)).toEqual([true, false]);
  });

  it('is believed whatever our clock says, as long as the venue goes on as before', () => {
    const arrivals = [0, HOUR, 3 * HOUR].map(
      (afterMs) => [afterMs, change(NOW + afterMs)] as const,
    );
    for (const offMs of [-23 * HOUR, -HOUR, 0, HOUR, 9 * DAY])
      expect(believed(offMs, arrivals)).toEqual([true, true, true]);
  });

  it('is believed after late ones, and after a pause in which nothing was read', () => {
    const late = [
      [0, change(NOW)],
      [SECOND, change(NOW - HOUR)],
      [SECOND, change(NOW)],
    ] as const;
    expect(believed(-HOUR, late)).toEqual([true, true, true]);
    const paused = [
      [0, change(NOW)],
      [HOUR, change(NOW)],
      [HOUR, change(NOW + HOUR)],
    ] as const;
    expect(believed(-HOUR, paused)).toEqual([true, true, true]);
  });
});
