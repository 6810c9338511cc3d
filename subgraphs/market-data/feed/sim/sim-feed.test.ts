import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { Markets } from '../../domain/markets.ts';
import { BTC_USDT, ETH_USDT, instrument, TestClock } from '../../test-market.ts';
import { SimFeed, Simulation } from './sim-feed.ts';

const INSTRUMENTS = [BTC_USDT, ETH_USDT, instrument('ETH-BTC', 5, 3), instrument('AB-CD', 3, 0)];
const TICKS = 800;

function run(seed: number): FeedEvent[] {
  const simulation = new Simulation(INSTRUMENTS, seed, 1_700_000_000_000);
  return Array.from({ length: TICKS }, () => simulation.tick()).flat();
}

describe('the simulation', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const text = (events: readonly FeedEvent[]) =>
      JSON.stringify(events, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    expect(text(run(7))).toBe(text(run(7)));
    expect(text(run(7))).not.toBe(text(run(8)));
  });

  it('is lively: several quotes a second and instrument, trades, moving prices', () => {
    const seconds = TICKS / 20;
    for (const { symbol } of INSTRUMENTS) {
      const own = run(3).filter((event) => 'symbol' in event && event.symbol === symbol);
      const quotes = own.filter((event) => event.kind === 'quote');
      expect(quotes.length / seconds).toBeGreaterThan(3);
      expect(own.filter(({ kind }) => kind === 'trade').length / seconds).toBeGreaterThan(1);
      expect(new Set(quotes.map(({ bid }) => bid?.price)).size).toBeGreaterThan(5);
    }
  });

  it('is never crossed, and each quote is the top of a deep book on ticks and steps', () => {
    const markets = new Markets({ instruments: INSTRUMENTS, venue: 'sim', nowMs: 0 });
    for (const event of run(5)) {
      markets.apply(event, 0);
      if (event.kind !== 'quote') continue;
      const market = markets.get(event.symbol);
      if (market === undefined) throw new Error('there is no market');
      const { tickSize, quantityStep } = market.instrument;
      const { bids, asks } = market.book.top(20);
      expect([bids[0], asks[0]]).toEqual([event.bid, event.ask]);
      expect((bids[0]?.price ?? 0n) < (asks[0]?.price ?? 0n)).toBe(true);
      expect([bids.length, asks.length]).toEqual([20, 20]);
      const offGrid = [...bids, ...asks].filter(
        (level) => level.price % tickSize !== 0n || level.quantity % quantityStep !== 0n,
      );
      expect(offGrid).toEqual([]);
    }
  });

  it('keeps its pace when the clock is set back', async () => {
    let setBackMs = 0;
    const clock = { now: () => Date.now() - setBackMs, steadyNow: () => performance.now() };
    const feed = new SimFeed({ instruments: INSTRUMENTS, seed: 1, speed: 1, clock });
    let batches = 0;
    for await (const _ of feed.events(new AbortController().signal)) {
      if ((batches += 1) === 3) setBackMs = 3_600_000;
      if (batches === 6) break;
    }
    expect(batches).toBe(6);
  });

  it('has the time of the clock again after the machine slept, and was lost in between', async () => {
    let sleptMs = 0;
    const clock = { now: () => Date.now() + sleptMs, steadyNow: () => performance.now() };
    const feed = new SimFeed({ instruments: INSTRUMENTS, seed: 1, speed: 1, clock });
    const heard: FeedEvent[] = [];
    for await (const events of feed.events(new AbortController().signal)) {
      if (sleptMs > 0) heard.push(...events);
      sleptMs = 3_600_000;
      if (heard.length > INSTRUMENTS.length) break;
    }
    const timeOf = (event: FeedEvent) => ('exchangeTimeMs' in event ? event.exchangeTimeMs : null);
    expect(heard.slice(0, 3)).toMatchObject([
      { kind: 'connection', isConnected: false },
      { kind: 'connection', isConnected: true },
      { kind: 'bookSnapshot' },
    ]);
    expect(heard.slice(2).every((event) => (timeOf(event) ?? 0) > clock.now() - 60_000)).toBe(true);
  });

  it('ends immediately when stopped', async () => {
    const feed = new SimFeed({
      instruments: INSTRUMENTS,
      seed: 1,
      speed: 1,
      clock: new TestClock(),
    });
    const stopping = new AbortController();
    let batches = 0;
    for await (const _events of feed.events(stopping.signal))
      if ((batches += 1) === 2) stopping.abort();
    expect(batches).toBe(2);
  });
});
