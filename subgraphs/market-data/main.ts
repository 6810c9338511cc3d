import { systemClock } from '#shared/domain/clock.ts';
import { runSubgraph } from '#shared/subgraph/run-subgraph.ts';
import { readMarketDataEnvironment } from './environment.ts';
import { createMarketDataServer } from './server.ts';

await runSubgraph('market-data', readMarketDataEnvironment, (environment, { bus, logger }) =>
  createMarketDataServer({
    databaseUrl: environment.DATABASE_URL,
    bus,
    passportKeys: environment.PASSPORT_KEYS,
    feed: {
      source: environment.FEED,
      speed: environment.FEED_SPEED,
      loop: environment.FEED_LOOP,
      start: environment.FEED_START,
      seed: environment.SIM_SEED,
    },
    maxQuoteAgeMs: environment.MAX_QUOTE_AGE_MS,
    clock: systemClock,
    logger,
  }),
);
