import { describe, expect, it } from 'vitest';
import { TestMarket } from '../test-market.ts';

describe('the markets', () => {
  it('count quotes, book changes and trades densely, each on its own', () => {
    const desk = new TestMarket();
    desk.quote(100);
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.quote(101);
    desk.trade(1000);
    desk.change('2 @ 100', '');
    expect(desk.market.quote?.sequence).toBe(2);
    expect(desk.market.book.sequence).toBe(2);
    expect(desk.market.tradeSequence).toBe(1);
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

  it('pass over an instrument that the desk does not have', () => {
    const desk = new TestMarket();
    const symbol = 'XXX-YYY' as typeof desk.symbol;
    desk.markets.apply({ kind: 'bookLost', symbol }, desk.clock.now());
    expect(desk.markets.get('XXX-YYY')).toBeUndefined();
  });
});
