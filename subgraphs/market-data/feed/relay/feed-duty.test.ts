import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemorySharedState } from '#shared/events/memory-shared-state.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { FeedDuty } from './feed-duty.ts';

const logger = createLogger({ unit: 'test', level: 'silent' });

/** A state that can be away. */
class TestState extends MemorySharedState {
  isAway = false;

  override hold(duty: string, owner: string, lastsMs: number): Promise<boolean> {
    if (this.isAway) return Promise.reject(new Error('the state is away'));
    return super.hold(duty, owner, lastsMs);
  }
}

describe('the duty to read a feed', () => {
  let state: TestState;
  let duties: FeedDuty[] = [];
  const begun = async () => {
    const duty = new FeedDuty(state, 'binance', logger);
    duties.push(duty);
    await duty.start();
    return duty;
  };
  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const held = () => duties.map(({ isHeld }) => isHeld);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    state = new TestState();
    duties = [];
  });
  afterEach(async () => {
    for (const duty of duties) await duty.stop();
    vi.useRealTimers();
  });

  it('is one process’s for as long as it lives', async () => {
    await begun();
    await begun();
    await passes(10_000);
    expect(held()).toEqual([true, false]);
  });

  it('is another one’s soon after it was given up', async () => {
    const first = await begun();
    await begun();
    await first.stop();
    await passes(500);
    expect(held()).toEqual([false, true]);
  });

  it('stays where it is while nobody can be asked, and is everybody’s in the end', async () => {
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
});
