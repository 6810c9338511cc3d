import { formatUnits } from '#shared/domain/decimal.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import type { Asset } from '../domain/catalog/catalog.ts';
import type { MarketDataClient } from './market-data-client.ts';

/** New assets and instruments in PostgreSQL. */
export class InstrumentImportStore {
  readonly #client: MarketDataClient;

  constructor(client: MarketDataClient) {
    this.#client = client;
  }

  /** Adds them, all or none; what is there already stays as it is, for orders rest on its terms. */
  async add(assets: readonly Asset[], instruments: readonly Instrument[]): Promise<void> {
    await this.#client.$transaction([
      this.#client.asset.createMany({ data: [...assets], skipDuplicates: true }),
      this.#client.instrument.createMany({
        data: instruments.map(rowOf),
        skipDuplicates: true,
      }),
    ]);
  }
}

function rowOf({ base, quote, quoteScale: _ofTheAsset, ...instrument }: Instrument) {
  return {
    ...instrument,
    baseCode: base,
    quoteCode: quote,
    tickSize: formatUnits(instrument.tickSize),
    quantityStep: formatUnits(instrument.quantityStep),
    minQuantity: formatUnits(instrument.minQuantity),
    maxQuantity: formatUnits(instrument.maxQuantity),
    minNotional: formatUnits(instrument.minNotional),
    maxNotional: formatUnits(instrument.maxNotional),
    makerFeeRate: formatUnits(instrument.makerFeeRate),
    takerFeeRate: formatUnits(instrument.takerFeeRate),
    collarRate: formatUnits(instrument.collarRate),
  };
}
