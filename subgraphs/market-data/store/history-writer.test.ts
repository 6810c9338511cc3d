import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { CANDLE_INTERVALS } from '../domain/candles/candle.ts';
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

  /** How many have been begun, and whether they stay under way until they are stopped. */
  prunes = 0;
  isSlow = false;

  prune(stopping: AbortSignal): Promise<void> {
    this.prunes += 1;
    if (!this.isSlow) return Promise.resolve();
    return new Promise((resolve) => stopping.addEventListener('abort', () => resolve()));
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
    expect(candles.map(({ tradeCount }) => tradeCount)).toEqual(CANDLE_INTERVALS.map(() => 5));
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

  it('gives up candles of seconds first while the store is away, and says how many', async () => {
    await writer.stop();
    writes.isAway = true;
    const lines: string[] = [];
    const logger = createLogger(
      { unit: 'test', level: 'error' },
      { write: (line) => lines.push(line) },
    );
    const limited = new HistoryWriter(writes, desk.markets, logger, { maxWaitingCandles: BOUND });
    const [minutes, of] = [10, 60];
    for (let second = 0; second < minutes * of; second += 1) desk.trade(second * 1000);
    await vi.advanceTimersByTimeAsync(1000);
    writes.isAway = false;
    await limited.flush();
    const candles = writes.batches.flatMap((batch) => batch.candles);
    expect(candles).toHaveLength(BOUND);
    expect(candles.filter(({ interval }) => interval === 'ONE_MINUTE')).toHaveLength(minutes);
    const seconds = candles.filter(({ interval }) => interval === 'ONE_SECOND');
    expect(seconds.at(0)?.openTimeMs).toBe((minutes * of - seconds.length) * 1000);
    expect(lines.some((line) => line.includes('candles were dropped'))).toBe(true);
    await limited.stop();
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

  it('keeps all that whoever writes may not have written yet, and no more, while it is not on duty', async () => {
    await writer.stop();
    const [seconds, each] = [18, 201];
    let isOnDuty = false;
    const logger = createLogger({ unit: 'test', level: 'silent' });
    const follower = new HistoryWriter(writes, desk.markets, logger, { isOnDuty: () => isOnDuty });
    writes.isTaken = true;
    for (let second = 0; second < seconds; second += 1) {
      for (let n = 0; n < each; n += 1) desk.trade(second * 1000);
      desk.clock.pass(1000);
      await vi.advanceTimersByTimeAsync(1000);
    }
    [isOnDuty, writes.isTaken, writes.batches.length] = [true, false, 0];
    await follower.flush();
    const all = seconds * each;
    const kept = sequences();
    expect(kept.length).toBeGreaterThanOrEqual(10 * each);
    expect(kept.length).toBeLessThan(17 * each);
    expect(kept).toEqual(Array.from(kept, (_, n) => all - kept.length + n + 1));
    const candles = writes.batches.flatMap((batch) => batch.candles);
    expect(candles.filter(({ interval }) => interval === 'ONE_WEEK')).toHaveLength(1);
    expect(candles.length).toBeLessThan(40);
    await follower.stop();
  });

  it('writes candles never before the trades that they hold', async () => {
    const plain = new HistoryWriter(
      writes,
      desk.markets,
      createLogger({ unit: 'test', level: 'silent' }),
    );
    await writer.stop();
    for (let n = 0; n < 2500; n += 1) desk.trade(n);
    await plain.flush();
    const rows = writes.batches.map(({ trades, candles }) => [trades.length, candles.length > 0]);
    expect(rows).toEqual([
      [1000, false],
      [1000, false],
      [500, true],
    ]);
    await plain.stop();
  });

  it('removes old history once at a time, and no more when it stops', async () => {
    writes.isSlow = true;
    await vi.advanceTimersByTimeAsync(180_000);
    expect(writes.prunes).toBe(1);
    await writer.stop();
    await vi.advanceTimersByTimeAsync(180_000);
    expect(writes.prunes).toBe(1);
  });

  it('gives up the one row that the store refuses, and no other', async () => {
    writes.refused = 3;
    for (let n = 0; n < 5; n += 1) desk.trade(n);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sequences()).toEqual([1, 2, 4, 5]);
    const candles = writes.batches.flatMap((batch) => batch.candles);
    expect(candles).toHaveLength(CANDLE_INTERVALS.length);
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
