import type { OrderId } from '#shared/domain/ids.ts';
import { Prisma, type PrismaClient } from '../__generated__/prisma/client.ts';
import type { PageAsk, TimedPosition } from '../domain/ports/order-reads.ts';
import type { PreventedMatch } from '../domain/prevented-match.ts';
import {
  PREVENTED_MATCH_COLUMNS,
  preventedMatchOfRow,
  type PreventedMatchRow,
} from './prevented-match-row.ts';

/** A prevented match for one of its two orders. */
interface OfOrderRow extends PreventedMatchRow {
  readonly of_order_id: OrderId;
}

/** By the orders whose matches they are; a match of two of these orders is in both lists. */
type MatchesByOrder = ReadonlyMap<OrderId, readonly PreventedMatch[]>;

/** The oldest prevented matches of each order on either side, oldest first, no more than the limit. */
export async function readFirstPreventedMatches(
  prisma: PrismaClient,
  orderIds: readonly OrderId[],
  limit: number,
): Promise<MatchesByOrder> {
  const sides = onEitherSide(Prisma.empty, Prisma.sql`ORDER BY m.at, m.id LIMIT ${limit}`);
  return byOrder(
    await prisma.$queryRaw<OfOrderRow[]>`
      SELECT key.id AS of_order_id, oldest.* FROM orders key CROSS JOIN LATERAL (
        SELECT * FROM (${sides}) side ORDER BY side.at, side.id LIMIT ${limit}
      ) oldest WHERE key.id = ANY(${orderIds}) ORDER BY oldest.at, oldest.id`,
  );
}

/** The newest prevented matches of each order after the page's cursor, newest first. */
export async function readPreventedMatchPages(
  prisma: PrismaClient,
  orderIds: readonly OrderId[],
  { after, limit }: PageAsk<TimedPosition>,
): Promise<MatchesByOrder> {
  const isAfter =
    after === null
      ? Prisma.empty
      : Prisma.sql`AND (m.at, m.id) < (${new Date(after.at)}, ${after.id})`;
  const sides = onEitherSide(isAfter, Prisma.sql`ORDER BY m.at DESC, m.id DESC LIMIT ${limit}`);
  return byOrder(
    await prisma.$queryRaw<OfOrderRow[]>`
      SELECT key.id AS of_order_id, page.* FROM orders key CROSS JOIN LATERAL (
        SELECT * FROM (${sides}) side ORDER BY side.at DESC, side.id DESC LIMIT ${limit}
      ) page WHERE key.id = ANY(${orderIds}) ORDER BY page.at DESC, page.id DESC`,
  );
}

/**
 * The matches in which `key` is one of the two orders: each side by its own index. If the incoming order belongs to
 * another account, only that account's list has the match: members of this account may not be members of that one.
 */
function onEitherSide(condition: Prisma.Sql, end: Prisma.Sql): Prisma.Sql {
  const side = (isSide: Prisma.Sql) => Prisma.sql`(
    SELECT ${PREVENTED_MATCH_COLUMNS} FROM prevented_matches m WHERE ${isSide} ${condition} ${end})`;
  const sides = [
    side(Prisma.sql`m.taker_order_id = key.id`),
    side(Prisma.sql`m.maker_order_id = key.id AND m.account_id = key.account_id`),
  ];
  return Prisma.join(sides, ' UNION ALL ');
}

function byOrder(rows: readonly OfOrderRow[]): MatchesByOrder {
  const matches = new Map<OrderId, PreventedMatch[]>();
  for (const row of rows) {
    const known = matches.get(row.of_order_id);
    const match = preventedMatchOfRow(row);
    if (known === undefined) matches.set(row.of_order_id, [match]);
    else known.push(match);
  }
  return matches;
}
