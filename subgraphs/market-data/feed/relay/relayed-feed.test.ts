// A bus that cannot be listened to for a while: the one that reads goes on, and the others come back.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import type { BusSubscription } from '#shared/events/event-bus.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { MemorySharedState } from '#shared/events/test-memory-shared-state.ts';
import type { FeedMessage, Topic, Topics } from '#shared/events/topics.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { BTC_USDT, ETH_USDT, levels, TestMarket } from '../../test-market.ts';
import { FeedRunner } from '../feed-runner.ts';
import type { MarketFeed } from '../market-feed.ts';
import { SimFeed } from '../sim-feed.ts';
import { FeedDuty } from './feed-duty.ts';
import { RelayedFeed } from './relayed-feed.ts';

/** A second is short on a busy machine. */
const PATIENCE = { timeout: 20_000 };
const logger = createLogger({ unit: 'test', level: 'silent' });

/** A bus to which nobody can subscribe while it is away. */
class TestBus extends MemoryEventBus {
  isAway = false;
  refused = 0;
  /** How many levels the largest part of a whole state has. */
  most = 0;

  override publish<T extends Topic>(topic: T, message: Topics[T]): void {
    const { kind, events = '' } = message as Partial<FeedMessage>;
    if (kind !== 'events') this.most = Math.max(this.most, events.split('"price"').length - 1);
    super.publish(topic, message);
  }

  override subscribe<T extends Topic>(topic: T): Promise<BusSubscription<Topics[T]>> {
    if (!this.isAway) return super.subscribe(topic);
    this.refused += 1;
    return Promise.reject(new Error('the bus is away'));
  }
}

/** More levels than go into one message. */
const LEVELS = Array.from({ length: 2500 }, (_, index) => index + 1);

/** A venue that halts an instrument, tells two books, and then is quiet. */
const quietFeed: MarketFeed = {
  venue: 'test',
  isPausable: false,
  async *events(signal): AsyncGenerator<readonly FeedEvent[], void> {
    const sides = {
      bids: levels(LEVELS.map((below) => `1 @ ${5000 - below}`).join(', ')),
      asks: levels(LEVELS.map((above) => `1 @ ${5000 + above}`).join(', ')),
    };
    yield [
      { kind: 'connection', isConnected: true },
      { kind: 'venueStatus', symbol: BTC_USDT.symbol, status: 'HALTED' },
      ...[BTC_USDT, ETH_USDT].map(({ symbol }): FeedEvent => {
        return { kind: 'bookSnapshot', symbol, exchangeTimeMs: null, ...sides };
      }),
    ];
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  },
};

/** Nothing is stored. */
const storedCounts = () => Promise.resolve(new Map<string, number>());

describe('a relayed feed', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('is read again, with whole books, by a process that has the duty for the second time', async () => {
    const state = new MemorySharedState();
    const desk = new TestMarket();
    desk.connect(false);
    const bus = new MemoryEventBus();
    const duty = new FeedDuty({ state, bus }, 'test', logger);
    await duty.start();
    ends.push(() => duty.stop());
    const instruments = [...desk.markets.all()].map(({ instrument }) => instrument);
    const feed = new SimFeed({ instruments, seed: 1, speed: 1, clock: systemClock });
    const runner = new FeedRunner({
      feed: new RelayedFeed(feed, desk.markets, { duty, bus, state, storedCounts }),
      markets: desk.markets,
      audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
      clock: systemClock,
      logger,
    });
    runner.start('immediately');
    ends.push(() => runner.stop());
    await vi.waitUntil(() => desk.market.isBookValid, PATIENCE);
    await state.release('feed:test', duty.owner);
    await state.hold('feed:test', 'another', 1000);
    await vi.waitUntil(() => desk.market.isSuspended, PATIENCE);
    await vi.waitUntil(() => duty.isHeld && desk.market.isBookValid, PATIENCE);
    expect(desk.markets.status().state).toBe('CONNECTED');
  });

  it('is read by the one on duty while the bus cannot be listened to, and followed to the last level by the others when it is back', async () => {
    const bus = new TestBus();
    const state = new MemorySharedState();
    const start = async () => {
      const desk = new TestMarket();
      desk.connect(false);
      const duty = new FeedDuty({ state, bus }, 'test', logger);
      await duty.start();
      ends.push(() => duty.stop());
      const runner = new FeedRunner({
        feed: new RelayedFeed(quietFeed, desk.markets, { duty, bus, state, storedCounts }),
        markets: desk.markets,
        audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
        clock: desk.clock,
        logger,
      });
      runner.start('immediately');
      ends.push(() => runner.stop());
      return desk.market;
    };
    bus.isAway = true;
    const reader = await start();
    const follower = await start();
    const statuses = new Set<string>();
    follower.onBook.add(() => statuses.add(follower.status.status));
    await vi.waitUntil(() => reader.isBookValid, PATIENCE);
    await vi.waitUntil(() => bus.refused > 3, PATIENCE);
    expect(follower.isBookValid).toBe(false);
    bus.isAway = false;
    await vi.waitUntil(() => follower.isBookValid, PATIENCE);
    await vi.waitUntil(() => follower.book.size === reader.book.size, PATIENCE);
    expect(follower.book.top(Infinity)).toEqual(reader.book.top(Infinity));
    // It never shows a book before it knows that nothing is traded at its prices.
    expect([...statuses]).toEqual(['HALTED']);
    // As many of each side of one book.
    expect(bus.most).toBe(2 * 1000);
  });
});
