import type { InstrumentHomes } from '../domain/catalog/instrument-homes.ts';
import type { MarketDataClient } from './market-data-client.ts';

/** The homes of the instruments, which are the same for all processes and over a restart. */
export class HomeStore {
  readonly #client: MarketDataClient;

  constructor(client: MarketDataClient) {
    this.#client = client;
  }

  /** What has been decided so far. */
  async load(): Promise<InstrumentHomes> {
    const rows = await this.#client.instrument.findMany({
      select: { symbol: true, homeVenue: true },
    });
    return new Map(
      rows.flatMap(({ symbol, homeVenue }) => (homeVenue === null ? [] : [[symbol, homeVenue]])),
    );
  }

  /**
   * Keeps what was decided, except where another process has decided since.
   * @param known what it was decided from
   * @returns what holds
   */
  async settle(decided: InstrumentHomes, known: InstrumentHomes): Promise<InstrumentHomes> {
    const changed = [...decided].flatMap(([symbol, venue]) => {
      const before = known.get(symbol) ?? null;
      return venue === before ? [] : [{ symbol, venue, before }];
    });
    if (changed.length === 0) return known;
    await this.#client.$executeRaw`
      UPDATE instruments i SET home_venue = d.venue
      FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb)
        AS d(symbol text, venue text, before text)
      WHERE i.symbol = d.symbol AND i.home_venue IS NOT DISTINCT FROM d.before`;
    return this.load();
  }
}
