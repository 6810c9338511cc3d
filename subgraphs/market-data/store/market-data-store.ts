import type { Catalog } from '../domain/catalog.ts';
import { CandleImportStore } from './candle-import-store.ts';
import { loadCatalog } from './catalog-store.ts';
import { HistoryStore } from './history-store.ts';
import { HomeStore } from './home-store.ts';
import { InstrumentImportStore } from './instrument-import-store.ts';
import { openMarketDataClient } from './market-data-client.ts';

/** The market-data store as one thing to open and to close. */
export interface MarketDataStore {
  readonly history: HistoryStore;
  readonly homes: HomeStore;
  readonly imports: CandleImportStore;
  readonly instrumentImports: InstrumentImportStore;
  loadCatalog(): Promise<Catalog>;
  /** Whether the database answers. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the store; it connects with its first statement. */
export function openMarketDataStore(options: {
  readonly databaseUrl: string;
  readonly onConnectionError: (cause: unknown) => void;
  /** For work that nobody waits for. */
  readonly statementTimeoutMs?: number;
}): MarketDataStore {
  const client = openMarketDataClient(options);
  return {
    history: new HistoryStore(client),
    homes: new HomeStore(client),
    imports: new CandleImportStore(client),
    instrumentImports: new InstrumentImportStore(client),
    loadCatalog: () => loadCatalog(client),
    isReachable: () =>
      client.$queryRaw`SELECT 1`.then(
        () => true,
        () => false,
      ),
    close: () => client.$disconnect(),
  };
}
