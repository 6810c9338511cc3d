import { formatUnits } from '#shared/domain/decimal.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { DailyVolume } from '../domain/daily-volume.ts';
import { unitsOf } from './stored-decimal.ts';

/** A row of `daily_volumes`; decimals are text. */
export interface DailyVolumeRow {
  readonly account_id: AccountId;
  readonly day: number;
  readonly volume: string;
}

/** Selects a {@link DailyVolumeRow} from `daily_volumes v`. */
export const DAILY_VOLUME_COLUMNS = Prisma.sql`v.account_id, v.day, v.volume::text AS volume`;

/** The row of a day's volume. */
export function dailyVolumeRowOf({ accountId, day, volume }: DailyVolume): DailyVolumeRow {
  return { account_id: accountId, day, volume: formatUnits(volume) };
}

/** The day's volume of a row. */
export function dailyVolumeOfRow(row: DailyVolumeRow): DailyVolume {
  return { accountId: row.account_id, day: row.day, volume: moneyOfUnits(unitsOf(row.volume)) };
}
