import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { quantity } from '../../domain/test-orders.ts';
import { SYMBOL } from '../test-journal.ts';
import { buying, firmOf, LevelWorld, nextFrame } from './test-levels.ts';

describe('a level', () => {
  it('stays while the market stands still and its earlier moves leave the last ten seconds', async () => {
    const world = await new LevelWorld().begin();
    const { requoteMs } = world.settings;
    // 0.9 basis points in nine seconds, and then none.
    for (let step = 0; step <= 9; step += 1) {
      world.market(1_000_000 + step * 10);
      world.wait(1000);
    }
    world.follow('anna');
    const ids = new Set<string>();
    for (let looks = 0; looks < 44; looks += 1) {
      world.market(1_000_090);
      world.wait(requoteMs);
      const shown = firmOf(await nextFrame(world.follow(`reader-${looks}`)));
      ids.add(shown.level.id);
    }
    // One while the range is one whole basis point, and one without a range.
    expect(ids.size).toBe(2);
  });

  it('is measured from the middle of the market at which its price was made again', async () => {
    const { pricing } = new LevelWorld().settings;
    const world = await new LevelWorld({ pricing: { ...pricing, volatilityPercent: 0 } }).begin();
    // Two BTC cost the same on both.
    const hear = (...asks: readonly [string, string][]) => {
      const about = { symbol: SYMBOL, sequence: '1', suspended: false, status: 'TRADING' } as const;
      const bids = [['99.99', '100']] as const;
      world.marketPricer.hear({ ...about, bids, asks, receivedAtMs: world.now });
    };
    hear(['100.01', '1'], ['100.21', '1']);
    const frames = world.follow('anna', [quantity('2')]);
    const first = firmOf(await nextFrame(frames));
    hear(['100.11', '2']);
    world.wait(world.settings.requoteMs);
    const now = firmOf(await nextFrame(frames));
    expect(now).toMatchObject({ quoteId: first.quoteId, level: { ask: first.level.ask } });
    expect(await world.accept(buying('anna', now))).toBe('pending');
    await world.answerHolds();
    expect([...world.store.rfq.rfqs.values()]).toMatchObject([{ state: { status: 'FILLED' } }]);
  });

  it.each([
    ['firm', false],
    ['not quoted', true],
  ])('is sent at least once a second while it stays %s', async (_how, isSuspended) => {
    const world = await new LevelWorld().begin();
    world.market(10_000, isSuspended);
    const frames = world.follow('anna');
    const sentAt: number[] = [];
    const reading = (async () => {
      for await (const _frame of frames) sentAt.push(world.now);
    })();
    // As late as the desk can look.
    for (let looks = 0; looks < 40; looks += 1) {
      world.market(10_000, isSuspended);
      world.wait(world.settings.requoteMs + 25);
      await setImmediate();
    }
    await frames.return?.();
    await reading;
    const waits = sentAt.map((at, index) => at - (sentAt[index - 1] ?? at));
    expect(sentAt.length).toBeGreaterThan(10);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
  });

  it('is priced as often when the clock is set back, and is not valid for longer', async () => {
    const { pricing } = new LevelWorld().settings;
    const quiet = { pricing: { ...pricing, volatilityPercent: 0 } };
    const world = await new LevelWorld(quiet).begin();
    const { requoteMs, quoteLifeMs } = world.settings;
    const frames = world.follow('anna', [quantity('1')]);
    const first = firmOf(await nextFrame(frames));
    world.setClockBack(3_600_000);
    world.market(10_000);
    world.wait(requoteMs);
    const again = firmOf(await nextFrame(frames));
    expect(again.level.validUntil).toBe(world.now + quoteLifeMs);
    expect(again.level.ask).toEqual(first.level.ask);
    expect(await world.accept(buying('anna', first))).toBe('LEVEL_NO_LONGER_VALID');
    world.market(10_010);
    world.wait(requoteMs);
    const moved = firmOf(await nextFrame(frames));
    expect(moved.quoteId).not.toBe(again.quoteId);
    expect(await world.accept(buying('anna', again))).toBe('LEVEL_NO_LONGER_VALID');
    expect(await world.accept(buying('anna', moved))).toBe('pending');
  });
});
