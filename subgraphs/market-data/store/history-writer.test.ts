import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import type { HistoryBatch, HistoryWrites } from '../domain/history.ts';
import { TestMarket } from '../test-market.ts';
import { HistoryWriter } from './history-writer.ts';

const BOUND = 100;

/** A store that can be away. */
class TestWrites implements HistoryWrites {
  readonly batches: HistoryBatch[] = [];
  isAway = false;
  /** Whether another process is the one that writes. */
  isTaken = false;
  /** A trade that it refuses. */
  refused: number | null = null;

  write(batch: HistoryBatch): Promise<boolean> {
    if (this.isAway) return Promise.reject(new Error('the store is away'));
    if (this.isTaken) return Promise.resolve(false);
    if (batch.trades.some(({ sequence }) => sequence === this.refused))
      return Promise.reject(Object.assign(new Error('a constraint'), { code: '23514' }));
    this.batches.push(batch);
    return Promise.resolve(true);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  prune(): Promise<void> {
    return Promise.resolve();
  }
}

describe('the history writer', () => {
  let desk: TestMarket;
  let writes: TestWrites;
  let writer: HistoryWriter;
  beforeEach(() => {
    vi.useFakeTimers();
    desk = new TestMarket();
    writes = new TestWrites();
    const logger = createLogger({ unit: 'test', level: 'silent' });
    writer = new HistoryWriter(writes, desk.markets, logger, { maxWaitingTrades: BOUND });
  });
  afterEach(async () => {
    await writer.stop();
    vi.useRealTimers();
  });
  const sequences = () => writes.batches.flatMap(({ trades }) => trades.map((t) => t.sequence));

  it('writes in the background, each candle once with its newest state', async () => {
    for (let n = 0; n < 5; n += 1) desk.trade(n);
    expect(writes.batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sequences()).toEqual([1, 2, 3, 4, 5]);
    const candles = writes.batches.flatMap((batch) => batch.candles);
    expect(candles.map(({ tradeCount }) => tradeCount)).toEqual(Array(8).fill(5));
  });

  it('keeps what the store could not take and writes it later, in order', async () => {
    writes.isAway = true;
    desk.trade(1);
    await vi.advanceTimersByTimeAsync(3000);
    desk.trade(2);
    writes.isAway = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(sequences()).toEqual([1, 2]);
  });

  it('keeps no more than its bound while the store is away', async () => {
    writes.isAway = true;
    for (let n = 0; n < 3 * BOUND; n += 1) desk.trade(0);
    await vi.advanceTimersByTimeAsync(1000);
    writes.isAway = false;
    await writer.flush();
    expect(sequences()).toHaveLength(BOUND);
    expect(sequences().at(-1)).toBe(3 * BOUND);
  });

  it('keeps what it may not write while another process does', async () => {
    writes.isTaken = true;
    desk.trade(1);
    await vi.advanceTimersByTimeAsync(1000);
    desk.trade(2);
    writes.isTaken = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(sequences()).toEqual([1, 2]);
  });

  it('gives up the one row that the store refuses, and no other', async () => {
    writes.refused = 3;
    for (let n = 0; n < 5; n += 1) desk.trade(n);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sequences()).toEqual([1, 2, 4, 5]);
    const candles = writes.batches.flatMap((batch) => batch.candles);
    expect(candles).toHaveLength(8);
  });

  it('writes the rest when it stops, and nothing afterwards', async () => {
    desk.trade(1);
    await writer.stop();
    desk.trade(2);
    await writer.flush();
    expect(sequences()).toEqual([1]);
    expect(desk.market.onTape.size).toBe(0);
  });
});
