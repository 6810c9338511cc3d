import { describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { TestMarket } from '../test-market.ts';
import { asField } from './as-field.ts';
import { MarketStreams } from './market-streams.ts';
import { StreamRegistry } from './stream-registry.ts';

/** Streams over a market that moves by hand, with real time for their own timers. */
function streamsOf(
  desk: TestMarket,
  limits = { heartbeatMs: 60_000, capacity: 5000 },
  registry = new StreamRegistry(systemClock),
) {
  return {
    registry,
    streams: new MarketStreams(registry, systemClock, limits),
    market: desk.market,
  };
}

describe('a stream', () => {
  it('opens with the first read and is closed by return, even while it waits', async () => {
    const { registry, streams, market } = streamsOf(new TestMarket());
    const stream = streams.quotes([market], { mode: 'ALL' });
    expect([registry.openCount, market.onQuote.size]).toEqual([0, 0]);
    const waiting = stream.next();
    expect([registry.openCount, market.onQuote.size]).toEqual([1, 1]);
    await stream.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect([registry.openCount, market.onQuote.size]).toEqual([0, 0]);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    registry.stop();
  });

  it('holds nothing if it is closed before the first read', async () => {
    const { registry, streams, market } = streamsOf(new TestMarket());
    await asField('tradeOccurred', streams.trades(market)).return?.();
    expect([registry.openCount, market.onTape.size]).toEqual([0, 0]);
    registry.stop();
  });

  it('wakes its reader when something happens', async () => {
    const desk = new TestMarket();
    const { registry, streams, market } = streamsOf(desk);
    const stream = asField('quoteChanged', streams.quotes([market], { mode: 'ALL' }));
    const waiting = stream.next();
    desk.quote(100);
    expect((await waiting).value).toMatchObject({ quoteChanged: { sequence: '1' } });
    await stream.return?.();
    registry.stop();
  });

  it('wakes its reader when a delayed frame is due', async () => {
    const desk = new TestMarket();
    const { registry, streams, market } = streamsOf(desk);
    const stream = streams.quotes([market], { mode: 'LATEST', maxPerSecond: 50 });
    desk.quote(100);
    await stream.next();
    desk.quote(101);
    expect((await stream.next()).value).toMatchObject({ sequence: '2', conflated: 0 });
    await stream.return();
    registry.stop();
  });

  it('sends a heartbeat when nothing happens', async () => {
    const { registry, streams, market } = streamsOf(new TestMarket(), {
      heartbeatMs: 10,
      capacity: 1,
    });
    const stream = streams.orderBook(market, { depth: 5, priceStep: null });
    expect((await stream.next()).value).toMatchObject({ __typename: 'StreamHeartbeat' });
    await stream.return();
    registry.stop();
  });

  it('lets several instruments take turns', async () => {
    const desk = new TestMarket();
    const { registry, streams, market } = streamsOf(desk);
    const other = desk.markets.get('ETH-USDT');
    if (other === undefined) throw new Error('there is no ETH-USDT');
    const stream = streams.quotes([market, other], { mode: 'ALL' });
    desk.quote(100);
    await stream.next();
    for (let n = 0; n < 3; n += 1) desk.quote(101 + n);
    const { bid, ask } = market.quote ?? { bid: null, ask: null };
    const symbol = other.instrument.symbol;
    desk.markets.apply({ kind: 'quote', symbol, bid, ask, exchangeTimeMs: null }, 0);
    const frames = [await stream.next(), await stream.next()];
    expect(frames.map(({ value }) => value && 'quote' in value && value.quote.symbol)).toContain(
      'ETH-USDT',
    );
    await stream.return();
    registry.stop();
  });
});

describe('the registry of streams', () => {
  it('holds back a feed while a stream has much to read, and no longer', async () => {
    const desk = new TestMarket();
    const { registry, streams, market } = streamsOf(desk);
    const stream = streams.trades(market);
    await stream.next();
    await registry.untilReady();
    for (let n = 0; n < 1500; n += 1) desk.trade(n);
    let isReady = false;
    const ready = registry.untilReady().then(() => (isReady = true));
    for (let n = 0; n < 400; n += 1) await stream.next();
    expect(isReady).toBe(false);
    for (let n = 0; n < 200; n += 1) await stream.next();
    await ready;
    await stream.return();
    registry.stop();
  });

  it('holds back a feed for one that reads nothing no longer if the clock is set back meanwhile', async () => {
    const desk = new TestMarket();
    const clock = { nowMs: 3_600_000, steadyMs: 0 };
    const ours = new StreamRegistry({ now: () => clock.nowMs, steadyNow: () => clock.steadyMs });
    const { registry, streams, market } = streamsOf(desk, undefined, ours);
    const stream = streams.trades(market);
    await stream.next();
    for (let n = 0; n < 1500; n += 1) desk.trade(n);
    const ready = registry.untilReady();
    Object.assign(clock, { nowMs: 0, steadyMs: 5000 });
    await ready;
    await stream.return();
    registry.stop();
  });

  it('reports when the first stream opens', async () => {
    const { registry, streams, market } = streamsOf(new TestMarket());
    let isOpen = false;
    const first = registry.untilFirst().then(() => (isOpen = true));
    await Promise.resolve();
    expect(isOpen).toBe(false);
    const stream = streams.trades(market);
    await stream.next();
    await first;
    await stream.return();
    registry.stop();
  });
});
