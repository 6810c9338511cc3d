import { parseAssetCode, parseInstrumentSymbol, trusted } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import type { Asset, Catalog } from '../domain/catalog/catalog.ts';
import type { MarketDataClient } from './market-data-client.ts';
import { storedUnits } from './stored-units.ts';

/**
 * Reads every asset and instrument.
 * @throws Error if an instrument's scales do not fit its quote asset: price × quantity would not
 *   be exact
 */
export async function loadCatalog(client: MarketDataClient): Promise<Catalog> {
  const [assetRows, instrumentRows] = await Promise.all([
    client.asset.findMany(),
    client.instrument.findMany({ include: { quote: true } }),
  ]);
  const assets = assetRows.map(({ code, name, scale }): Asset => ({
    code: trusted(parseAssetCode, code),
    name,
    scale,
  }));
  return {
    assets: sortedByKey(assets.map((asset) => [asset.code, asset])),
    instruments: sortedByKey(
      instrumentRows.map(instrumentOf).map((instrument) => [instrument.symbol, instrument]),
    ),
  };
}

/** Here, because a database sorts by the rules of its locale: some skip the dash, and put `AAVE-USDT` before `A-USDT`. */
function sortedByKey<Value>(entries: readonly (readonly [string, Value])[]): Map<string, Value> {
  return new Map(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

type InstrumentRow = Awaited<ReturnType<MarketDataClient['instrument']['findMany']>>[number] & {
  readonly quote: { readonly scale: number };
};

function instrumentOf(row: InstrumentRow): Instrument {
  const { symbol, priceScale, quantityScale } = row;
  invariant(
    priceScale + quantityScale <= row.quote.scale,
    `the scales of ${symbol} are too fine for its quote asset`,
  );
  return {
    symbol: trusted(parseInstrumentSymbol, symbol),
    base: trusted(parseAssetCode, row.baseCode),
    quote: trusted(parseAssetCode, row.quoteCode),
    status: row.status,
    priceScale,
    quantityScale,
    quoteScale: row.quote.scale,
    tickSize: priceOfUnits(storedUnits(row.tickSize.toFixed())),
    quantityStep: quantityOfUnits(storedUnits(row.quantityStep.toFixed())),
    minQuantity: quantityOfUnits(storedUnits(row.minQuantity.toFixed())),
    maxQuantity: quantityOfUnits(storedUnits(row.maxQuantity.toFixed())),
    minNotional: moneyOfUnits(storedUnits(row.minNotional.toFixed())),
    maxNotional: moneyOfUnits(storedUnits(row.maxNotional.toFixed())),
    makerFeeRate: storedUnits(row.makerFeeRate.toFixed()),
    takerFeeRate: storedUnits(row.takerFeeRate.toFixed()),
    collarRate: storedUnits(row.collarRate.toFixed()),
    maxQuoteAgeMs: row.maxQuoteAgeMs,
  };
}
