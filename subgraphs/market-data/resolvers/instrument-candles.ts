import { connectionOf, parsePageRequest } from '#shared/graphql/connection.ts';
import type { InstrumentResolvers } from '../__generated__/graphql.ts';
import { candleView } from '../domain/candle-view.ts';
import { readCandles } from '../domain/read-candles.ts';
import { marketOf } from './arguments.ts';

const EPOCH_MS = /^\d{1,15}$/;

/** `Instrument.candles`; a cursor is the open time of its candle. */
export const candles: NonNullable<InstrumentResolvers['candles']> = async (
  instrument,
  args,
  { desk, loaders },
) => {
  const page = parsePageRequest(args, (position) => EPOCH_MS.test(position));
  const query = {
    interval: args.interval,
    fromMs: millisecondsOf(args.from),
    toMs: millisecondsOf(args.to),
    afterMs: page.after === null ? null : Number(page.after),
    count: page.limit + 1,
  };
  const rows = await readCandles(marketOf(instrument.symbol, desk), query, loaders.candles);
  const views = rows.map((candle) => candleView(candle, instrument));
  return connectionOf(views, page, ({ openTime }) => String(Date.parse(openTime)));
};

function millisecondsOf(dateTime: string | null | undefined): number | null {
  return dateTime === null || dateTime === undefined ? null : Date.parse(dateTime);
}
