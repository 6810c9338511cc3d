import { systemClock } from '#shared/domain/clock.ts';
import { crashAt } from '#shared/faults/fault-point.ts';
import { runSubgraph } from '#shared/subgraph/run-subgraph.ts';
import {
  houseOf,
  messageRateOf,
  outsidePricerOf,
  readOrderEnvironment,
  rfqOf,
} from './environment.ts';
import { createOrderServer } from './server.ts';

await runSubgraph('order', readOrderEnvironment, (environment, { bus, metrics, logger }) =>
  createOrderServer({
    databaseUrl: environment.DATABASE_URL,
    bus,
    passportKeys: environment.PASSPORT_KEYS,
    account: { url: environment.ACCOUNT_URL, passportKey: environment.ACCOUNT_PASSPORT_KEY },
    marketData: {
      url: environment.MARKET_DATA_URL,
      passportKey: environment.MARKET_DATA_PASSPORT_KEY,
    },
    house: houseOf(environment),
    messageRate: messageRateOf(environment),
    rfq: rfqOf(environment),
    outsidePricer: outsidePricerOf(environment),
    faults: crashAt(environment.CRASH_AT),
    clock: systemClock,
    metrics,
    logger,
  }),
);
