import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import { candleView } from '../domain/candle-view.ts';
import { readCandles } from '../domain/read-candles.ts';
import { marketOf } from './markets-of.ts';
import { isStoredTime } from './stored-time.ts';

/** `Instrument.candles`; a cursor is the open time of its candle. */
export const candles: NonNullable<InstrumentResolvers['candles']> = async (
  instrument,
  args,
  { useCases, loaders },
) => {
  const page = parsePageRequest(args, isStoredTime);
  const query = {
    interval: args.interval,
    fromMs: millisecondsOf(args.from),
    toMs: millisecondsOf(args.to),
    afterMs: page.after === null ? null : Number(page.after),
    count: page.limit + 1,
  };
  const rows = await readCandles(marketOf(instrument.symbol, useCases), query, loaders.candles);
  const views = rows.map((candle) => candleView(candle, instrument));
  return connectionOf(views, page, ({ openTime }) => String(Date.parse(openTime)));
};

function millisecondsOf(dateTime: string | null | undefined): number | null {
  return dateTime === null || dateTime === undefined ? null : Date.parse(dateTime);
}
