import type { AccountId } from '#shared/domain/ids.ts';
import { permittedAccount } from '../account-access.ts';
import { isDesk } from '../desk.ts';
import type { Period } from '#shared/domain/period.ts';
import type { HousePosition, HouseSums } from './desk-book.ts';
import {
  type DeskPeriod,
  type DeskRfqStatistics,
  type DeskTally,
  type InventoryMoves,
  inventoryPoints,
} from './desk-rfq-statistics.ts';
import type { RfqAccess } from './rfq-access.ts';
import { type RfqStatistics, rfqStatisticsOf, type RfqTally } from './rfq-statistics.ts';

/** The stored data from which statistics are made. */
export interface RfqStatisticsReads {
  /** Counts the account's requests that were made in the period. */
  tallies(accountId: AccountId, period: Period): Promise<readonly RfqTally[]>;
  /** The desk's captured spread from quotes filled in the period. */
  deskTally(period: DeskPeriod): Promise<DeskTally>;
  inventoryMoves(period: DeskPeriod): Promise<InventoryMoves>;
  /** What the house traded in the period, by order and by quote. */
  houseSums(period: DeskPeriod): Promise<HouseSums>;
  /** What the house has in each instrument that clients have traded, sorted by symbol. */
  housePositions(): Promise<readonly HousePosition[]>;
}

/** The statistics of an account's requests; null if the account does not exist or is someone else's. */
export async function readRfqStatistics(
  reads: RfqStatisticsReads,
  access: RfqAccess,
  account: string,
  period: Period,
): Promise<RfqStatistics | null> {
  const accountId = permittedAccount(account, access.mayRead);
  if (accountId === null) return null;
  return rfqStatisticsOf(await reads.tallies(accountId, period));
}

/** The desk's statistics of quotes on request, only for the desk. */
export async function readDeskRfqStatistics(
  reads: RfqStatisticsReads,
  access: RfqAccess,
  period: DeskPeriod,
): Promise<DeskRfqStatistics | 'notTheDesk'> {
  if (!isDesk(access)) return 'notTheDesk';
  const [tally, moves, trading] = await Promise.all([
    reads.deskTally(period),
    reads.inventoryMoves(period),
    reads.houseSums(period),
  ]);
  return { ...period, ...tally, trading, inventory: inventoryPoints(period, moves) };
}

/** The house's own book, only for the desk. */
export async function readDeskBook(
  reads: RfqStatisticsReads,
  access: RfqAccess,
): Promise<readonly HousePosition[] | 'notTheDesk'> {
  return isDesk(access) ? reads.housePositions() : 'notTheDesk';
}
