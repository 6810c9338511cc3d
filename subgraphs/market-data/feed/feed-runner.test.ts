import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../domain/feed-event.ts';
import { TestMarket } from '../test-market.ts';
import { FeedRunner } from './feed-runner.ts';
import type { MarketFeed } from './market-feed.ts';

const CONNECTED: FeedEvent = { kind: 'connection', isConnected: true };

/** A feed that breaks after its first words, this many times. */
class TestFeed implements MarketFeed {
  readonly venue = 'test';
  readonly isPausable = false;
  breaks: number;
  begun = 0;

  constructor(breaks: number) {
    this.breaks = breaks;
  }

  async *events(): AsyncGenerator<readonly FeedEvent[], void> {
    this.begun += 1;
    yield [CONNECTED];
    this.breaks -= 1;
    await Promise.resolve();
    if (this.breaks >= 0) throw new Error('the feed was broken by a test');
  }
}

/** A feed that says a lot at once. */
class LoudFeed extends TestFeed {
  override async *events(): AsyncGenerator<readonly FeedEvent[], void> {
    const { symbol } = new TestMarket();
    const quote = { kind: 'quote', symbol, bid: null, ask: null, exchangeTimeMs: null } as const;
    yield [CONNECTED, ...Array<FeedEvent>(10_000).fill(quote)];
    await Promise.resolve();
  }
}

describe('running a feed', () => {
  it('gives others a turn in the middle of what arrived at once', async () => {
    const desk = new TestMarket();
    const runner = new FeedRunner({
      feed: new LoudFeed(0),
      markets: desk.markets,
      audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
      clock: desk.clock,
      logger: createLogger({ unit: 'test', level: 'silent' }),
    });
    runners.push(runner);
    runner.start('immediately');
    const seen = new Set<number>();
    await vi.waitUntil(
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.add(desk.market.quote?.sequence ?? 0);
        return seen.has(10_000);
      },
      { timeout: 20_000, interval: 0 },
    );
    expect(seen.size).toBeGreaterThan(1);
  });

  const runners: FeedRunner[] = [];
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.stop();
  });

  it.each([
    ['is over is left as it is', 0, 1],
    ['broke is lost, and begun again', 1, 2],
  ])('one that %s', async (_, breaks, begun) => {
    const desk = new TestMarket();
    const heard: boolean[] = [];
    desk.market.onSuspension.add((isSuspended) => heard.push(isSuspended));
    const feed = new TestFeed(breaks);
    const runner = new FeedRunner({
      feed,
      markets: desk.markets,
      audience: { untilFirst: () => Promise.resolve(), untilReady: () => Promise.resolve() },
      clock: desk.clock,
      logger: createLogger({ unit: 'test', level: 'silent' }),
    });
    runners.push(runner);
    runner.start('immediately');
    await vi.waitUntil(() => feed.breaks === -1, 20_000);
    expect(feed.begun).toBe(begun);
    expect(heard).toEqual(Array.from({ length: breaks }, () => [true, false]).flat());
  });
});
