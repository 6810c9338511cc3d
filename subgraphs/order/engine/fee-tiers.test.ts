import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import { feeTierOf, FEE_TIERS, nextTierFrom } from '../domain/fee-tier.ts';
import type { Fill } from '../domain/fill.ts';
import { money, NOW_MS, units } from '../domain/test-orders.ts';
import { JournalState } from './journal-state.ts';
import { MemoryJournalStore, startDesk } from './test-journal.ts';
import { limitAt, placer } from './test-placement.ts';

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

  it('count what was paid in one asset alone, also after a restart', async () => {
    const store = new MemoryJournalStore();
    const state = new JournalState(await store.load(), { now: () => NOW_MS });
    const fill = (symbol: string, quoteQuantity: string) =>
      state.addVolume({
        ...{ accountId: 'a', symbol, quoteQuantity: money(quoteQuantity), executedAt: NOW_MS },
      } as Fill);
    const volumes = [fill('SHIB-JPY', '99000000'), fill('BTC-USDT', '999999')];
    const tierOf = (one: JournalState) => one.feeTier('a' as AccountId, NOW_MS).name;
    expect(tierOf(state)).toBe('BASE');
    const again = new JournalState(
      { ...(await store.load()), dailyVolumes: volumes },
      { now: () => NOW_MS },
    );
    expect(tierOf(again)).toBe('BASE');
    fill('ETH-USDT', '1');
    expect(tierOf(state)).toBe('BRONZE');
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
