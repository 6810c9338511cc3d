import { type InstrumentSymbol, parseAssetCode } from '#shared/domain/ids.ts';
import { parseMoney } from '#shared/domain/money.ts';
import { readAtStart } from '#shared/store/database-check.ts';
import type { VenueProtocol } from '../../subgraphs/market-data/feed/live/venue-protocol.ts';
import { type Pair, parsePair } from '../../subgraphs/market-data/domain/catalog/pair.ts';
import { findInstruments } from '../../subgraphs/market-data/import/find-instruments.ts';
import { openMarketDataStores } from '../../subgraphs/market-data/store/open-market-data-stores.ts';
import { addAssets } from '../account/seed.ts';
import type { BalanceSheet } from '../account/seed-steps.ts';
import type { StoreName } from '../store-name.ts';

/** The result of an import. */
export interface InstrumentImport {
  readonly added: readonly InstrumentSymbol[];
  /** Instruments that existed already and stay unchanged. */
  readonly known: readonly InstrumentSymbol[];
}

/**
 * Imports instruments from a venue's own list into the stores. The ledger learns their assets first,
 * before anything can trade in them, and again if it lacks them. Existing rows stay unchanged.
 * @param symbols `BASE-QUOTE`
 * @param options.inventory the house's inventory of new assets, `ADA=1000000`; without it, the house can only buy them
 * @throws Error with one sentence if anything is malformed, unlisted or unsuitable; then nothing is added
 */
export async function importListedInstruments(
  symbols: readonly string[],
  urls: Readonly<Record<Exclude<StoreName, 'order'>, string>>,
  options: { readonly protocol: VenueProtocol; readonly inventory: readonly string[] },
): Promise<InstrumentImport> {
  const wanted = symbols.map(pairOf);
  const inventory = inventoryOf(options.inventory);
  const store = openMarketDataStores({
    databaseUrl: urls['market-data'],
    onConnectionError: () => undefined,
  });
  try {
    await readAtStart('market-data', () => store.requireVersion());
    const catalog = await store.loadCatalog();
    const { assets, instruments, known } = await findInstruments(options.protocol, wanted, catalog);
    const named = new Set<string>(assets.map(({ code }) => code));
    for (const code of Object.keys(inventory))
      if (!named.has(code) || catalog.assets.has(code))
        throw new Error(`${code} is no new asset of these instruments.`);
    const scales = assets.map(({ code, scale }) => ({ code, scale }));
    await addAssets(urls.account, scales, inventory);
    await store.instrumentImports.add(assets, instruments);
    return { added: instruments.map(({ symbol }) => symbol), known };
  } finally {
    await store.close();
  }
}

function pairOf(text: string): Pair {
  const pair = parsePair(text);
  if (pair === null) throw new Error(`${JSON.stringify(text)} is not a symbol like BTC-USDT.`);
  return pair;
}

function inventoryOf(texts: readonly string[]): BalanceSheet {
  return Object.fromEntries(
    texts.map((text) => {
      const [code = '', amount = ''] = text.split('=', 2);
      const money = parseMoney(amount);
      if (parseAssetCode(code) === null || money === null || money <= 0n)
        throw new Error(`${JSON.stringify(text)} is no inventory like ADA=1000000.`);
      return [code, amount];
    }),
  );
}
