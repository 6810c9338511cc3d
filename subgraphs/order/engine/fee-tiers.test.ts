import { describe, expect, it } from 'vitest';
import { feeTierOf, FEE_TIERS, nextTierFrom } from '../domain/fee-tier.ts';
import { money, NOW_MS, units } from '../domain/test-orders.ts';
import { MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

const DAY_MS = 86_400_000;

describe('fee tiers', () => {
  it('begin exactly at their volume', () => {
    const below = money('999999.99999999');
    expect([feeTierOf(below), feeTierOf(money('1000000'))].map(({ name }) => name)).toEqual([
      'BASE',
      'BRONZE',
    ]);
    expect(FEE_TIERS.map((tier) => nextTierFrom(tier) ?? 'none')).toEqual([
      ...FEE_TIERS.slice(1).map(({ fromVolume }) => fromVolume),
      'none',
    ]);
  });

  it('follow what was traded in thirty days, also after a restart, and an order keeps its rates', async () => {
    let now = NOW_MS;
    const store = new MemoryJournalStore();
    const clock = { now: () => now };
    let desk = startDesk(store, clock);
    const rateOf = async (account: string) =>
      (await placer(desk, store)(account, 'BUY', '1', limitAt('50'))).hold?.takerFeeRate;
    const before = await placer(desk, store)('a', 'BUY', '1', limitAt('51'));
    await placer(desk, store)('b', 'SELL', '100', limitAt('10000'));
    await placer(desk, store)('a', 'BUY', '100', limitAt('10000'));
    expect(await rateOf('a')).toBe(units('0.0009'));
    expect(await rateOf('c')).toBe(units('0.001'));
    expect(store.orders.get(before.id)?.hold?.takerFeeRate).toBe(units('0.001'));
    now += 29 * DAY_MS;
    desk = startDesk(store, clock);
    expect(await rateOf('a')).toBe(units('0.0009'));
    now += DAY_MS;
    expect(await rateOf('a')).toBe(units('0.001'));
  });
});
