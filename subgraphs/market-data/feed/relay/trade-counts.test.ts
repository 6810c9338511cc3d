// Processes that count the trades of a feed one after the other: no sequence is used twice.
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { MemorySharedState } from '#shared/events/test-memory-shared-state.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { BTC_USDT, price, quantity, TestMarket } from '../../test-market.ts';
import { FeedRunner } from '../feed-runner.ts';
import type { MarketFeed } from '../market-feed.ts';
import { RelayedFeed } from './relayed-feed.ts';
import { readCounts } from './trade-counts.ts';

const PATIENCE = { timeout: 20_000 };
const logger = createLogger({ unit: 'test', level: 'silent' });

/** A venue that tells of a trade when the test says so. */
class TradingFeed implements MarketFeed {
  readonly venue = 'test';
  readonly isPausable = false;
  #trade: () => void = () => undefined;

  trade(): void {
    this.#trade();
  }

  async *events(signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void> {
    yield [{ kind: 'connection', isConnected: true }];
    for (let trades = 1; ; trades += 1) {
      await new Promise<void>((resolve) => {
        this.#trade = resolve;
        signal.addEventListener('abort', () => resolve());
      });
      if (signal.aborted) return;
      const { symbol } = BTC_USDT;
      const print = {
        price: price('5000'),
        quantity: quantity('1'),
        aggressorSide: 'BUY',
      } as const;
      yield [{ kind: 'trade', symbol, tradeId: `${trades}`, ...print, exchangeTimeMs: Date.now() }];
    }
  }
}

let end: () => Promise<void>;
afterEach(() => end());

it('counts trades behind all that are stored when its term begins, and when another one begins', async () => {
  const stored = new Map<string, number>([[BTC_USDT.symbol, 7]]);
  const duty = { owner: 'us', isHeld: true, terms: 1 };
  const desk = new TestMarket();
  desk.connect(false);
  const feed = new TradingFeed();
  const bus = new MemoryEventBus();
  const told = await bus.subscribe('market.feed', ({ kind }) => kind === 'events');
  const parts = { duty, bus, state: new MemorySharedState() };
  const storedCounts = () => Promise.resolve(stored);
  const runner = new FeedRunner({
    feed: new RelayedFeed(feed, desk.markets, { ...parts, storedCounts }),
    markets: desk.markets,
    audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
    clock: systemClock,
    logger,
  });
  const changes: (number | 'lost')[] = [];
  desk.market.onTape.add((change) =>
    changes.push(change.kind === 'trade' ? change.trade.sequence : 'lost'),
  );
  runner.start('immediately');
  end = () => runner.stop();
  const traded = async (sequence: number) => {
    await vi.waitUntil(() => desk.markets.status().state === 'CONNECTED', PATIENCE);
    feed.trade();
    await vi.waitUntil(() => desk.market.tradeSequence === sequence, PATIENCE);
  };
  await traded(8);
  // Another process was for itself as well, and has stored more.
  stored.set(BTC_USDT.symbol, 20);
  await traded(9);
  duty.terms = 2;
  await traded(21);
  expect(changes).toEqual(['lost', 8, 9, 'lost', 21]);
  // What is stored is behind what was counted here: nothing is lost by that.
  duty.terms = 3;
  await traded(22);
  expect(changes.at(-1)).toBe(22);
  expect(changes).not.toContain(20);
  // The others are told the counts of what was traded, not of all instruments.
  const counts: object[] = [];
  while (counts.length < 2) {
    const { value } = await told.next();
    if (value?.kind === 'message' && value.message.events.includes('trade'))
      counts.push(value.message.tradeSequences);
    else if (value?.kind === 'message') expect(value.message.tradeSequences).toEqual({});
  }
  expect(counts).toEqual([{ [BTC_USDT.symbol]: 8 }, { [BTC_USDT.symbol]: 9 }]);
});

it('begins without the counts of a store that does not answer, and knows only those of its own symbols', async () => {
  const counts = new Map([
    ['A-B', 1],
    ['C-D', 2],
  ]);
  end = () => Promise.resolve();
  expect(await readCounts(() => Promise.resolve(counts), ['A-B'], logger)).toEqual(
    new Map([['A-B', 1]]),
  );
  expect(await readCounts(() => new Promise(() => undefined), ['A-B'], logger)).toEqual(new Map());
  expect(await readCounts(() => Promise.reject(new Error()), ['A-B'], logger)).toEqual(new Map());
});
