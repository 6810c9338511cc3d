import { formatUnits } from '#shared/domain/decimal.ts';
import type { AccountId, AssetCode } from '#shared/domain/ids.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { Prisma } from '../__generated__/prisma/client.ts';
import type { DailyVolume } from '../domain/daily-volume.ts';
import { unitsOf } from './stored-decimal.ts';

/** A row of `daily_volumes`; decimals are text. */
export interface DailyVolumeRow {
  readonly account_id: AccountId;
  readonly asset_code: AssetCode;
  readonly day: number;
  readonly volume: string;
}

/** Selects a {@link DailyVolumeRow} from `daily_volumes v`. */
export const DAILY_VOLUME_COLUMNS = Prisma.sql`
  v.account_id, v.asset_code, v.day, v.volume::text AS volume`;

/** The row of a day's volume. */
export function dailyVolumeRowOf({ accountId, asset, day, volume }: DailyVolume): DailyVolumeRow {
  return { account_id: accountId, asset_code: asset, day, volume: formatUnits(volume) };
}

/** The day's volume of a row. */
export function dailyVolumeOfRow(row: DailyVolumeRow): DailyVolume {
  const { account_id: accountId, asset_code: asset, day } = row;
  return { accountId, asset, day, volume: moneyOfUnits(unitsOf(row.volume)) };
}
