import type { Instrument } from '#shared/domain/instrument.ts';
import type { Connection } from '#shared/graphql/connection.ts';
import type { CandleView } from '../domain/candles/candle-view.ts';
import type { Asset } from '../domain/catalog/catalog.ts';
import type { TradeView } from '../domain/trade-view.ts';

/** A page of instruments. */
export type InstrumentPage = Connection<Instrument>;
/** A page of assets. */
export type AssetPage = Connection<Asset>;
/** A page of trades. */
export type TradePage = Connection<TradeView>;
/** A page of candles. */
export type CandlePage = Connection<CandleView>;
