import { connectionOf } from '#shared/graphql/connection.ts';
import { parseListPage } from '#shared/graphql/list-page.ts';
import { parsePeriod } from '#shared/graphql/parse-period.ts';
import { parseStoredTime } from '#shared/graphql/stored-time.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import { candleView } from '../domain/candles/candle-view.ts';
import { readCandles } from '../domain/candles/read-candles.ts';
import { marketOf } from './markets-of.ts';

/** `Instrument.candles`; a cursor is the open time of its candle, so it is valid for any period. */
export const candles: NonNullable<InstrumentResolvers['candles']> = async (
  instrument,
  args,
  { useCases, loaders },
) => {
  const { interval } = args;
  const list = `candles/${instrument.symbol}/${interval}`;
  const { page, before, limit, positionOf } = parseListPage(args, list, parseStoredTime);
  const { from, to } = parsePeriod(args);
  const query = { interval, fromMs: from, toMs: to, afterMs: before, count: limit };
  const rows = await readCandles(marketOf(instrument.symbol, useCases), query, loaders.candles);
  const views = rows.map((candle) => candleView(candle, instrument));
  return connectionOf(views, page, ({ openTime }) => positionOf(String(Date.parse(openTime))));
};
