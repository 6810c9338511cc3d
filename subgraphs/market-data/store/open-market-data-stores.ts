import { isReachable } from '#shared/store/database-check.ts';
import { requireVersion } from '#shared/store/store-version.ts';
import type { Catalog } from '../domain/catalog/catalog.ts';
import { CandleImportStore } from './candle-import-store.ts';
import { loadCatalog } from './catalog-store.ts';
import { HistoryStore } from './history-store.ts';
import { HomeStore } from './home-store.ts';
import { InstrumentImportStore } from './instrument-import-store.ts';
import { openMarketDataClient } from './market-data-client.ts';

/** The market-data database, as its stores. */
export interface MarketDataStores {
  readonly history: HistoryStore;
  readonly homes: HomeStore;
  readonly imports: CandleImportStore;
  readonly instrumentImports: InstrumentImportStore;
  /** Every asset and instrument. */
  loadCatalog(): Promise<Catalog>;
  /** See {@link requireVersion}. */
  requireVersion(): Promise<void>;
  /** Whether the database answers and can be written. Never throws. */
  isReachable(): Promise<boolean>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Opens the market-data database; it connects with its first statement. */
export function openMarketDataStores(options: {
  readonly databaseUrl: string;
  /** Called for a connection that broke while idle. */
  readonly onConnectionError: (cause: unknown) => void;
  /** For background work; requests have 2 s. */
  readonly statementTimeoutMs?: number;
}): MarketDataStores {
  const client = openMarketDataClient(options);
  return {
    history: new HistoryStore(client),
    homes: new HomeStore(client),
    imports: new CandleImportStore(client),
    instrumentImports: new InstrumentImportStore(client),
    loadCatalog: () => loadCatalog(client),
    requireVersion: () => requireVersion('market-data', client),
    isReachable: () => isReachable(client),
    close: () => client.$disconnect(),
  };
}
