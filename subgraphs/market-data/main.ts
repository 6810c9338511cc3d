import { systemClock } from '#shared/domain/clock.ts';
import { runSubgraph } from '#shared/subgraph/run-subgraph.ts';
import { feedSettingsOf, readMarketDataEnvironment } from './environment.ts';
import { createMarketDataServer } from './server.ts';

await runSubgraph(
  'market-data',
  readMarketDataEnvironment,
  (environment, { bus, state, metrics, logger }) =>
    createMarketDataServer({
      databaseUrl: environment.DATABASE_URL,
      bus,
      state,
      passportKeys: environment.PASSPORT_KEYS,
      feed: feedSettingsOf(environment),
      maxQuoteAgeMs: environment.MAX_QUOTE_AGE_MS,
      clock: systemClock,
      metrics,
      logger,
    }),
);
