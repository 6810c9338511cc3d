import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import type { MarketDepth } from '#shared/events/topics.ts';
import { TestMarket } from '../test-market.ts';
import { DepthPublisher } from './depth-publisher.ts';
import { marketDepthOf } from './market-depth.ts';

/** Price levels of a published side as `quantity @ price`. */
const short = (side: MarketDepth['bids'] | undefined) =>
  side?.map(([price, quantity]) => `${parseFloat(quantity)} @ ${parseFloat(price)}`).join(', ');

describe('the published depth', () => {
  it('begins with the newest quote, which is newer than the book, and is never crossed by it', () => {
    const desk = new TestMarket();
    desk.snapshot('3 @ 101, 2 @ 100, 4 @ 99', '5 @ 102, 6 @ 103');
    desk.quote(100);
    const depth = marketDepthOf(desk.market);
    expect(short(depth?.bids)).toBe('1 @ 100, 4 @ 99');
    expect(short(depth?.asks)).toBe('1 @ 101, 5 @ 102, 6 @ 103');
    expect(depth).toMatchObject({ sequence: '1', suspended: false });
  });

  it('is the quote alone while there is no book, or it was lost', () => {
    const desk = new TestMarket();
    expect(marketDepthOf(desk.market)).toBeNull();
    desk.quote(100);
    expect(short(marketDepthOf(desk.market)?.bids)).toBe('1 @ 100');
    desk.snapshot('1 @ 99', '1 @ 105');
    desk.lose('bookLost');
    const depth = marketDepthOf(desk.market);
    expect(short(depth?.bids)).toBe('1 @ 100');
    expect(depth?.suspended).toBe(true);
  });

  it('ends where others may rest that are not known', () => {
    const desk = new TestMarket();
    desk.snapshot('3 @ 101, 2 @ 100', '5 @ 102', '100');
    desk.change('9 @ 98', '');
    desk.quote(101);
    expect(short(marketDepthOf(desk.market)?.bids)).toBe('1 @ 101, 2 @ 100');
  });

  it('has at most twenty levels on a side', () => {
    const desk = new TestMarket();
    const many = Array.from({ length: 30 }, (_, n) => `1 @ ${n + 1}`).join(', ');
    desk.snapshot(many, '');
    desk.quote(50);
    expect(marketDepthOf(desk.market)?.bids).toHaveLength(20);
  });
});

describe('the depth publisher', () => {
  let desk: TestMarket;
  let publisher: DepthPublisher;
  let published: MarketDepth[];
  beforeEach(() => {
    vi.useFakeTimers();
    desk = new TestMarket();
    const bus = new MemoryEventBus();
    published = [];
    vi.spyOn(bus, 'publish').mockImplementation((_topic, message) => {
      published.push(message as MarketDepth);
    });
    publisher = new DepthPublisher(desk.markets, bus);
  });
  afterEach(() => {
    publisher.stop();
    vi.useRealTimers();
  });
  const sequences = () => published.map(({ sequence }) => sequence);

  it('publishes the first change at once, and merges those that follow closely', () => {
    for (let bid = 100; bid < 105; bid += 1) desk.quote(bid);
    expect(sequences()).toEqual(['1']);
    vi.advanceTimersByTime(20);
    expect(sequences()).toEqual(['1', '5']);
    vi.advanceTimersByTime(200);
    expect(sequences()).toEqual(['1', '5']);
    desk.quote(106);
    expect(sequences()).toEqual(['1', '5', '6']);
  });

  it('publishes it again every second, with the time of the data', () => {
    desk.quote(100);
    desk.clock.pass(5000);
    vi.advanceTimersByTime(3000);
    expect(published).toHaveLength(4);
    expect(new Set(published.map(({ receivedAtMs }) => receivedAtMs)).size).toBe(1);
  });

  it('publishes at once that prices are suspended', () => {
    desk.quote(100);
    vi.advanceTimersByTime(100);
    desk.connect(false);
    expect(published.at(-1)?.suspended).toBe(true);
  });

  it('is silent once it is stopped', () => {
    desk.quote(100);
    desk.quote(101);
    publisher.stop();
    desk.quote(102);
    vi.advanceTimersByTime(2000);
    expect(sequences()).toEqual(['1']);
    expect(desk.market.onQuote.size).toBe(0);
  });
});
