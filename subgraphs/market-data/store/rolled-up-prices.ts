import { Prisma } from '../__generated__/prisma/client.ts';

/**
 * Open, high, low and close of a group of shorter candles. The prices of one without volume are only
 * the close before it, which may be that of the period before: it counts where all are without.
 */
export const ROLLED_UP_PRICES = Prisma.sql`
  (array_agg(open ORDER BY volume > 0 DESC, open_time))[1],
  coalesce(max(high) FILTER (WHERE volume > 0), max(high)),
  coalesce(min(low) FILTER (WHERE volume > 0), min(low)),
  (array_agg(close ORDER BY volume > 0 DESC, open_time DESC))[1]`;

/** The trades of a group of shorter candles, or the most that the column holds. */
export const ROLLED_UP_COUNT = Prisma.sql`least(sum(trade_count), 2147483647)::int`;
