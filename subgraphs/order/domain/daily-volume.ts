import type { AccountId } from '#shared/domain/ids.ts';
import { type Money, moneyOfUnits, ZERO_MONEY } from '#shared/domain/money.ts';

const DAY_MS = 86_400_000;
/** Today and the days before it that a tier looks at. */
const DAYS = 30;

/** What an account traded in one UTC day. */
export interface DailyVolume {
  readonly accountId: AccountId;
  /** Days since the epoch. */
  readonly day: number;
  /** Sum of price × quantity of its fills, in the quote asset. */
  readonly volume: Money;
}

/** The UTC day of a moment, as a count of days since the epoch. */
export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS);
}

/** The first day that counts at a moment. */
export function firstDayOf(nowMs: number): number {
  return dayOf(nowMs) - DAYS + 1;
}

/** What accounts have traded, day by day. */
export class DailyVolumes {
  readonly #byAccount = new Map<AccountId, Map<number, Money>>();

  constructor(volumes: readonly DailyVolume[]) {
    for (const { accountId, day, volume } of volumes) this.#of(accountId).set(day, volume);
  }

  /** Adds a trade. @returns the day's volume after it */
  add(accountId: AccountId, amount: Money, atMs: number): DailyVolume {
    const [days, day] = [this.#of(accountId), dayOf(atMs)];
    const volume = moneyOfUnits((days.get(day) ?? ZERO_MONEY) + amount);
    days.set(day, volume);
    return { accountId, day, volume };
  }

  /** Of today and the 29 UTC days before. */
  thirtyDayVolume(accountId: AccountId, nowMs: number): Money {
    let sum = 0n;
    const first = firstDayOf(nowMs);
    for (const [day, volume] of this.#of(accountId)) if (day >= first) sum += volume;
    return moneyOfUnits(sum);
  }

  #of(accountId: AccountId): Map<number, Money> {
    const known = this.#byAccount.get(accountId);
    if (known !== undefined) return known;
    const days = new Map<number, Money>();
    this.#byAccount.set(accountId, days);
    return days;
  }
}
