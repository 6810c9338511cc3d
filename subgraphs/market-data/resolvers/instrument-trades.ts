import { connectionOf } from '#shared/graphql/connection.ts';
import { parseListPage } from '#shared/graphql/list-page.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import { parseStoredTime } from '#shared/graphql/stored-time.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import type { TradePosition } from '../domain/history.ts';
import { readTimedTrades, readTrades } from '../domain/read-trades.ts';
import { tradeView } from '../domain/trade-view.ts';
import { marketOf } from './markets-of.ts';

const SEQUENCE = /^\d{1,15}$/;

/**
 * `Instrument.trades`; a cursor is the time and the sequence of its trade, so it is valid for any
 * period.
 */
export const trades: NonNullable<InstrumentResolvers['trades']> = async (
  instrument,
  args,
  { useCases, loaders },
) => {
  const { page, before, limit, positionOf } = parseListPage(
    args,
    `trades/${instrument.symbol}`,
    placeOf,
  );
  const period = parsePeriod(args);
  const market = marketOf(instrument.symbol, useCases);
  const rows =
    period.from === null && period.to === null
      ? await readTrades(
          market,
          { before: before?.sequence ?? Infinity, count: limit },
          loaders.trades,
        )
      : await readTimedTrades(market, { period, after: before, count: limit }, loaders.timedTrades);
  const views = rows.map((trade) => tradeView(trade, instrument));
  return connectionOf(views, page, ({ exchangeTime, sequence }) =>
    positionOf(`${Date.parse(exchangeTime)}.${sequence}`),
  );
};

/** Null for text that is not a place in such a list. */
function placeOf(text: string): TradePosition | null {
  const [time = '', sequence = '', ...more] = text.split('.');
  const exchangeTimeMs = parseStoredTime(time);
  if (exchangeTimeMs === null || !SEQUENCE.test(sequence) || more.length > 0) return null;
  return { exchangeTimeMs, sequence: Number(sequence) };
}
