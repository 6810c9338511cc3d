import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import type { ConsolidatedDepth } from '#shared/events/topics.ts';
import { VenueMarkets } from '../domain/venue-markets.ts';
import { TestMarket } from '../test-market.ts';
import { ConsolidatedPublisher } from './consolidated-publisher.ts';

describe('the books of several venues, as they are published', () => {
  let [first, second]: [TestMarket, TestMarket] = [new TestMarket('a'), new TestMarket('b')];
  let published: ConsolidatedDepth[];
  let isOnDuty: boolean;
  let publisher: ConsolidatedPublisher;
  const publish = (markets: readonly TestMarket[]) => {
    const bus = new MemoryEventBus();
    vi.spyOn(bus, 'publish').mockImplementation((_topic, message) => {
      published.push(message as ConsolidatedDepth);
    });
    const venues = markets.map(({ markets: all, symbol }, index) => ({
      markets: all,
      atHome: index === 0 ? [symbol] : [],
    }));
    return new ConsolidatedPublisher(new VenueMarkets(venues), {
      ...{ bus, clock: first.clock, isOnDuty: () => isOnDuty },
    });
  };
  beforeEach(() => {
    vi.useFakeTimers();
    [first, second] = [new TestMarket('first'), new TestMarket('second')];
    published = [];
    isOnDuty = true;
    publisher = publish([first, second]);
  });
  afterEach(() => {
    publisher.stop();
    vi.useRealTimers();
  });

  it('are one book, with the sequence of each included book', () => {
    first.snapshot('1 @ 100', '1 @ 102');
    second.snapshot('2 @ 100', '2 @ 101');
    vi.advanceTimersByTime(20);
    expect(published.at(-1)).toMatchObject({
      symbol: 'BTC-USDT',
      bids: [['100.00', '3.00000']],
      asks: [
        ['101.00', '2.00000'],
        ['102.00', '1.00000'],
      ],
      books: [
        { venue: 'first', sequence: '1' },
        { venue: 'second', sequence: '1' },
      ],
    });
    second.change('4 @ 99', '');
    vi.advanceTimersByTime(20);
    expect(published.at(-1)?.books.map(({ sequence }) => sequence)).toEqual(['1', '2']);
  });

  it('leave out a lost venue, and are not published when none is left', () => {
    first.snapshot('1 @ 100', '1 @ 102');
    second.snapshot('2 @ 100', '2 @ 101');
    second.connect(false);
    vi.advanceTimersByTime(20);
    expect(published.at(-1)?.books).toEqual([{ venue: 'first', sequence: '1' }]);
    const told = published.length;
    first.connect(false);
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(told);
  });

  it('leave out a venue as soon as it trades the instrument no more', () => {
    first.snapshot('1 @ 100', '1 @ 102');
    second.snapshot('2 @ 100', '2 @ 101');
    second.list('CANCEL_ONLY');
    vi.advanceTimersByTime(20);
    expect(published.at(-1)?.books).toEqual([{ venue: 'first', sequence: '1' }]);
    second.list('TRADING');
    vi.advanceTimersByTime(20);
    expect(published.at(-1)?.books).toHaveLength(2);
  });

  it('are published by the process on duty, for instruments that several venues have', () => {
    isOnDuty = false;
    first.snapshot('1 @ 100', '1 @ 102');
    expect(published).toEqual([]);
    publisher.stop();
    isOnDuty = true;
    publisher = publish([first]);
    first.change('4 @ 99', '');
    expect(published).toEqual([]);
  });
});
