import { systemClock } from '#shared/domain/clock.ts';
import { crashAt } from '#shared/faults/fault-point.ts';
import { runSubgraph } from '#shared/subgraph/run-subgraph.ts';
import { outsideIssuerOf, readAccountEnvironment } from './environment.ts';
import { createAccountServer } from './server.ts';

await runSubgraph('account', readAccountEnvironment, (environment, { bus, metrics, logger }) =>
  createAccountServer({
    databaseUrl: environment.DATABASE_URL,
    bus,
    passportKeys: environment.PASSPORT_KEYS,
    accessTokenKey: environment.ACCESS_TOKEN_KEY,
    signUp: environment.SIGN_UP,
    issuer: outsideIssuerOf(environment),
    faults: crashAt(environment.CRASH_AT),
    clock: systemClock,
    metrics,
    logger,
  }),
);
