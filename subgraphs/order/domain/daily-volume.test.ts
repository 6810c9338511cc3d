import { expect, it } from 'vitest';
import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { DailyVolumes } from './daily-volume.ts';
import { money, NOW_MS } from './test-orders.ts';

const DAY_MS = 86_400_000;
const OWNER = { accountId: 'a' as AccountId, asset: 'USDT' as AssetCode };

it('counts thirty days, and remembers no more, however long the process runs', () => {
  const volumes = new DailyVolumes([]);
  for (let day = 0; day < 400; day += 1) volumes.add(OWNER, money('1'), NOW_MS + day * DAY_MS);
  expect(volumes.thirtyDayVolume(OWNER, NOW_MS + 399 * DAY_MS)).toBe(money('30'));
  expect(volumes.dayCount(OWNER)).toBe(30);
});
