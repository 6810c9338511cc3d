import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import { readTrades } from '../domain/read-trades.ts';
import { tradeView } from '../domain/trade-view.ts';
import { marketOf } from './markets-of.ts';

const SEQUENCE = /^\d{1,15}$/;

/** `Instrument.trades`; a cursor is the sequence of its trade. */
export const trades: NonNullable<InstrumentResolvers['trades']> = async (
  instrument,
  args,
  { useCases, loaders },
) => {
  const page = parsePageRequest(args, (position) => SEQUENCE.test(position));
  const before = page.after === null ? Infinity : Number(page.after);
  const rows = await readTrades(
    marketOf(instrument.symbol, useCases),
    { before, count: page.limit + 1 },
    loaders.trades,
  );
  const views = rows.map((trade) => tradeView(trade, instrument));
  return connectionOf(views, page, ({ sequence }) => sequence);
};
