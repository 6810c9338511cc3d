import { describe, expect, it } from 'vitest';
import type { InstrumentStatus } from '#shared/domain/instrument.ts';
import { drawn, levels, price, TestMarket } from '../test-market.ts';
import type { Candle } from './candles/candle.ts';
import type { StatusChange } from './market-status.ts';
import { OrderBook } from './book/order-book.ts';

describe('the markets', () => {
  it('count quotes, book changes and trades densely, each on its own', () => {
    const desk = new TestMarket();
    desk.quote(100);
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.quote(101);
    desk.trade(1000);
    desk.change('2 @ 100', '');
    expect(desk.market.quote?.sequence).toBe(2);
    expect(desk.market.bookSequence).toBe(2);
    expect(desk.market.tradeSequence).toBe(1);
  });

  it('show the book that the reader of the feed keeps, and go on counting with the next one', () => {
    const desk = new TestMarket();
    const { symbol } = desk;
    for (const [best, sequence] of [
      [100, 1],
      [200, 3],
    ] as const) {
      const book = new OrderBook();
      const first = { bids: levels(`1 @ ${best}, 5 @ ${best - 1}`), asks: [] };
      const next = { bids: levels(`3 @ ${best - 1}`), asks: levels(`7 @ ${best + 1}`) };
      const place = { symbol, exchangeTimeMs: null, book } as const;
      book.replace(first);
      desk.markets.apply({ kind: 'bookSnapshot', ...place, ...first }, 0);
      const grouped = () => drawn(desk.market.book.groupedBy(price('10')).top(2)).bids;
      expect(grouped()).toBe(`1 @ ${best}, 5 @ ${best - 10}`);
      book.apply(next);
      desk.markets.apply({ kind: 'bookUpdate', ...place, ...next }, 0);
      expect(desk.market.bookSequence).toBe(sequence + 1);
      expect(grouped()).toBe(`1 @ ${best}, 3 @ ${best - 10}`);
      const shown = { bids: `1 @ ${best}, 3 @ ${best - 1}`, asks: `7 @ ${best + 1}` };
      expect(drawn(desk.market.book.top(10))).toEqual(shown);
    }
    desk.snapshot('1 @ 300', '');
    expect(drawn(desk.market.book.top(10))).toEqual({ bids: '1 @ 300', asks: '' });
    expect(desk.market.bookSequence).toBe(5);
  });

  it('show when the last message was received, also after the clock was set back', () => {
    const desk = new TestMarket();
    const last = () => desk.markets.status().lastMessageAtMs;
    desk.quote(100);
    const before = desk.clock.now();
    const { symbol } = desk;
    const old = { kind: 'quote', symbol, bid: null, ask: null, exchangeTimeMs: null } as const;
    desk.markets.apply({ ...old, receivedAtMs: before - 10 }, before);
    expect(last()).toBe(before);
    desk.clock.pass(-3_600_000);
    desk.quote(101);
    expect(last()).toBe(desk.clock.now());
  });

  it('suspend an instrument whose book was lost, until it is rebuilt', () => {
    const desk = new TestMarket();
    desk.quote(100);
    desk.snapshot('1 @ 100', '1 @ 101');
    expect(desk.market.isSuspended).toBe(false);
    desk.lose('bookLost');
    expect(desk.market.isSuspended).toBe(true);
    expect(desk.markets.status()).toMatchObject({ state: 'RECONCILING', gapCount: 1 });
    expect(desk.markets.get('ETH-USDT')?.isSuspended).toBe(false);
    desk.snapshot('1 @ 100', '1 @ 101');
    expect(desk.market.isSuspended).toBe(false);
    expect(desk.markets.status().state).toBe('CONNECTED');
  });

  it('wait for no book of an instrument that its venue has delisted', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.connect(false);
    desk.connect(true);
    desk.list('HALTED');
    expect(desk.markets.status().state).toBe('RECONCILING');
    desk.list(null);
    expect(desk.markets.status().state).toBe('CONNECTED');
    expect(desk.market.isSuspended).toBe(true);
    desk.list('TRADING');
    expect(desk.markets.status().state).toBe('RECONCILING');
  });

  it('trade no more freely than the trading engine of the venue, and no older for it', () => {
    const desk = new TestMarket();
    const restrict = (status: InstrumentStatus) =>
      desk.markets.apply({ kind: 'venueStatus', symbol: desk.symbol, status }, desk.clock.now());
    const changes: StatusChange[] = [];
    desk.market.onStatus.add((change) => changes.push(change));
    restrict('TRADING');
    restrict('HALTED');
    expect(desk.market.isTradedByVenue).toBe(false);
    desk.list('CANCEL_ONLY');
    restrict('CANCEL_ONLY');
    restrict('TRADING');
    desk.list('TRADING');
    expect(changes).toEqual([
      { status: 'HALTED', sequence: 2 },
      { status: 'CANCEL_ONLY', sequence: 3 },
      { status: 'TRADING', sequence: 4 },
    ]);
    expect(desk.market.isTradedByVenue).toBe(true);
    expect(desk.market.lastMessageAtMs).toBeNull();
  });

  it('say of each candle since the last trade that it may lack those that were lost', () => {
    const desk = new TestMarket();
    desk.trade(1000);
    desk.market.chart.advance(200_000);
    const changed: Candle[] = [];
    desk.market.onCandle.add((candle) => changed.push(candle));
    desk.lose('tradesLost');
    const minutes = changed.filter(({ interval }) => interval === 'ONE_MINUTE');
    expect(minutes.map(({ openTimeMs }) => openTimeMs)).toEqual([0, 60_000, 120_000]);
    expect(changed.every(({ loss }) => loss === 'FEED_LOST')).toBe(true);
  });

  it('suspend everything without a connection, and count the new one', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.connect(false);
    expect(desk.markets.status()).toMatchObject({ state: 'DISCONNECTED', reconnects: 0 });
    desk.connect(true);
    expect(desk.markets.status()).toMatchObject({ state: 'RECONCILING', reconnects: 1 });
    desk.snapshot('1 @ 100', '1 @ 101');
    expect(desk.markets.status()).toMatchObject({ state: 'CONNECTED', reconnects: 1 });
  });

  it('believe no book from before the connection, until the venue sends its own', () => {
    const desk = new TestMarket();
    desk.connect(false);
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.connect(true);
    expect(desk.market.isSuspended).toBe(true);
    expect(desk.market.isBookValid).toBe(false);
    expect(desk.markets.status()).toMatchObject({ state: 'RECONCILING', gapCount: 0 });
    desk.snapshot('1 @ 99', '1 @ 100');
    expect(desk.market.isBookValid).toBe(true);
  });

  it('believe no book that the venue no longer changes while its quotes move on', () => {
    const desk = new TestMarket();
    const valid = (bid: number, afterMs: number) => {
      desk.clock.pass(afterMs);
      desk.quote(bid);
      return desk.market.isBookValid;
    };
    desk.snapshot('1 @ 100', '1 @ 101');
    // A quiet market: the quote moves first, and soon the book.
    expect([valid(100, 10_000), valid(101, 10_000), valid(101, 2000)]).toEqual([true, true, true]);
    desk.change('1 @ 101', '0 @ 101, 1 @ 102');
    expect([valid(101, 10_000), valid(99, 0), valid(98, 2000), valid(97, 1)]).toEqual([
      ...[true, true, true],
      false,
    ]);
    expect(valid(101, 0)).toBe(true);
    expect([valid(98, 0), valid(97, 2001)]).toEqual([true, false]);
    desk.change('', '1 @ 103');
    expect(desk.market.isBookValid).toBe(true);
  });

  it('call a quote stale when it is too old or suspended', () => {
    const desk = new TestMarket();
    desk.quote(100);
    const { quote } = desk.market;
    if (quote === null) throw new Error('there is no quote');
    const freshness = () => desk.market.freshnessOf(quote, desk.clock.now());
    desk.clock.pass(2000);
    expect(freshness()).toEqual({ ageMs: 2000, stale: false });
    desk.clock.pass(1);
    expect(freshness()).toEqual({ ageMs: 2001, stale: true });
  });

  it('take a print of nothing for no trade', () => {
    const desk = new TestMarket();
    desk.trade(1, '0 @ 100');
    expect(desk.market.tradeSequence).toBe(0);
    expect(desk.market.newestCandle('ONE_MINUTE')).toBeNull();
  });

  it.each(['100000000000000001 @ 1', '1000000000 @ 1000001'])(
    'take %s for no trade, and say that one is missing',
    (print) => {
      const desk = new TestMarket();
      desk.trade(1, '2 @ 100');
      const heard: string[] = [];
      desk.market.onTape.add(({ kind }) => heard.push(kind));
      desk.trade(2, print);
      expect(heard).toEqual(['lost']);
      expect(desk.market.tradeSequence).toBe(1);
      expect(desk.market.newestCandle('ONE_WEEK')).toMatchObject({
        tradeCount: 1,
        loss: 'FEED_LOST',
      });
      desk.trade(3, '1000000000 @ 1000000');
      expect(desk.market.tradeSequence).toBe(2);
    },
  );

  it('pass over an instrument that the desk does not have', () => {
    const desk = new TestMarket();
    const symbol = 'XXX-YYY' as typeof desk.symbol;
    desk.markets.apply({ kind: 'bookLost', symbol }, desk.clock.now());
    expect(desk.markets.get('XXX-YYY')).toBeUndefined();
  });
});
