import { DAY_MS } from '#shared/domain/clock.ts';
import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';

/** The days that a tier counts: today and those before it. */
const DAYS = 30;

/** What an account traded in one UTC day in the instruments with one quote asset. */
export interface DailyVolume {
  readonly accountId: AccountId;
  readonly asset: AssetCode;
  /** Days since the epoch. */
  readonly day: number;
  /** Sum of price × quantity of its fills, in the asset. */
  readonly volume: Money;
}

/** The UTC day of a moment, as a count of days since the epoch. */
function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS);
}

/** The first day that counts at a moment. */
export function firstDayOf(nowMs: number): number {
  return dayOf(nowMs) - DAYS + 1;
}

/** The account and the quote asset of a volume. */
type VolumeOwner = Pick<DailyVolume, 'accountId' | 'asset'>;

/** What accounts have traded, by day and quote asset: amounts of two assets do not add up. */
export class DailyVolumes {
  readonly #byOwner = new Map<string, Map<number, Money>>();

  constructor(volumes: readonly DailyVolume[]) {
    for (const { day, volume, ...owner } of volumes) this.#of(owner).set(day, volume);
  }

  /** Adds a trade. @returns the day's volume after it */
  add({ accountId, asset }: VolumeOwner, amount: Money, atMs: number): DailyVolume {
    const [days, day] = [this.#of({ accountId, asset }), dayOf(atMs)];
    // Once a day those that no longer count are forgotten, or they would be summed up forever.
    if (!days.has(day))
      for (const earlier of days.keys()) if (earlier < firstDayOf(atMs)) days.delete(earlier);
    const volume = moneyOfUnits((days.get(day) ?? ZERO_MONEY) + amount);
    days.set(day, volume);
    return { accountId, asset, day, volume };
  }

  /** How many days are remembered of an owner. */
  dayCount(owner: VolumeOwner): number {
    return this.#of(owner).size;
  }

  /** Today and the previous 29 UTC days. */
  thirtyDayVolume(owner: VolumeOwner, nowMs: number): Money {
    let sum = 0n;
    const first = firstDayOf(nowMs);
    for (const [day, volume] of this.#of(owner)) if (day >= first) sum += volume;
    return moneyOfUnits(sum);
  }

  #of({ accountId, asset }: VolumeOwner): Map<number, Money> {
    const key = `${accountId}/${asset}`;
    const known = this.#byOwner.get(key);
    if (known !== undefined) return known;
    const days = new Map<number, Money>();
    this.#byOwner.set(key, days);
    return days;
  }
}

/** One text for a day's volume, for maps. */
export function dailyVolumeKey({ accountId, asset, day }: DailyVolume): string {
  return `${accountId}/${asset}/${day}`;
}
