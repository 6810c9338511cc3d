import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import { MemorySharedState } from '#shared/events/test-memory-shared-state.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { FeedDuty } from './feed-duty.ts';

const logger = createLogger({ unit: 'test', level: 'silent' });

/** A state that can be away, for all or for some. */
class TestState extends MemorySharedState {
  isAway = false;
  readonly isAwayFor = new Set<string>();

  override hold(duty: string, owner: string, lastsMs: number): Promise<boolean> {
    if (this.isAway || this.isAwayFor.has(owner))
      return Promise.reject(new Error('the state is away'));
    return super.hold(duty, owner, lastsMs);
  }
}

describe('the duty to read a feed', () => {
  let state: TestState;
  let bus: MemoryEventBus;
  let duties: FeedDuty[] = [];
  const begun = async () => {
    const duty = new FeedDuty({ state, bus }, 'binance', logger);
    duties.push(duty);
    await duty.start();
    return duty;
  };
  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const held = () => duties.map(({ isHeld }) => isHeld);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    state = new TestState();
    bus = new MemoryEventBus();
    duties = [];
  });
  afterEach(async () => {
    for (const duty of duties) await duty.stop();
    vi.useRealTimers();
  });

  it('belongs to one process for as long as it lives', async () => {
    await begun();
    await begun();
    await passes(10_000);
    expect(held()).toEqual([true, false]);
  });

  it('passes to another process soon after it was given up', async () => {
    const first = await begun();
    await begun();
    await first.stop();
    await passes(500);
    expect(held()).toEqual([false, true]);
  });

  it('is given up by a process that alone is cut off, as soon as it hears the next reader', async () => {
    const first = await begun();
    const second = await begun();
    const reads = ({ owner: reader, isHeld }: FeedDuty) => {
      const place = { venue: 'binance', kind: 'events', reader, sequence: 1 } as const;
      const nothing = { isConnected: true, events: '[]', tradeSequences: {}, told: [] };
      if (isHeld) bus.publish('market.feed', { ...place, ...nothing });
    };
    state.isAwayFor.add(first.owner);
    for (let ticks = 0; ticks < 40; ticks += 1) {
      await passes(250);
      for (const duty of duties) reads(duty);
      await new Promise((resolve) => setImmediate(resolve));
      if (ticks === 4) expect(held()).toEqual([true, false]);
    }
    expect(held()).toEqual([false, true]);
    state.isAwayFor.clear();
    await second.stop();
    await passes(500);
    expect(first.isHeld).toBe(true);
  });

  it('stays in place while the state is away, and belongs to every process in the end', async () => {
    await begun();
    await begun();
    state.isAway = true;
    await passes(4000);
    expect(held()).toEqual([true, false]);
    await passes(2000);
    expect(held()).toEqual([true, true]);
    state.isAway = false;
    await passes(3000);
    expect(held().filter(Boolean)).toHaveLength(1);
  });

  it('counts as taken again after a time when each process read the venues itself', async () => {
    const duty = await begun();
    expect(duty.terms).toBe(1);
    state.isAway = true;
    await passes(3000);
    state.isAway = false;
    await passes(1000);
    expect(duty.terms).toBe(1);
    state.isAway = true;
    await passes(8000);
    expect([duty.isHeld, duty.terms]).toEqual([true, 1]);
    state.isAway = false;
    await passes(1000);
    expect([duty.isHeld, duty.terms]).toEqual([true, 2]);
  });
});
