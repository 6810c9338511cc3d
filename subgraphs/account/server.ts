import { readFileSync } from 'node:fs';
import type { Clock } from '#shared/domain/clock.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import type { FaultPoint } from '#shared/faults/fault-point.ts';
import type { PassportKey } from '#shared/identity/passport.ts';
import type { Logger } from '#shared/logging/logger.ts';
import {
  createSubgraphServer,
  type SubgraphServer,
} from '#shared/subgraph/create-subgraph-server.ts';
import { buildGuardedSchema } from '#shared/subgraph/guarded-schema.ts';
import type { SubgraphMetrics } from '#shared/subgraph/subgraph-metrics.ts';
import { withServerPresence } from '#shared/subgraph/with-server-presence.ts';
import { readAtStart } from '#shared/store/database-check.ts';
import { createAccountContext } from './context.ts';
import type { PasswordHasher } from './identity/credentials.ts';
import { openJwtAccessTokens } from './identity/sessions/jwt-access-tokens.ts';
import {
  openOutsideIssuer,
  type OutsideIssuerSettings,
} from './identity/sign-in/outside-issuer.ts';
import { openRefreshTokenSecrets } from './identity/sessions/refresh-token-secrets.ts';
import { openSecretSeal } from './identity/second-factor/secret-seal.ts';
import { ScryptPasswordHasher } from './identity/passwords/scrypt-password-hasher.ts';
import { countUnreadableSecrets } from './identity/second-factor/unreadable-secrets.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers/index.ts';
import { openAccountStores } from './store/open-account-stores.ts';
import { createUseCases } from './use-cases.ts';

const schema = buildGuardedSchema({
  typeDefs: readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  permissions,
});

/** `npm start` makes a lost key again, and reports nothing. */
const OTHER_KEY =
  'second factors were sealed with another ACCESS_TOKEN_KEY, and their codes are refused: put that key back, or their users need recovery codes';

/** What the account subgraph is built from. */
export interface AccountServerOptions {
  readonly databaseUrl: string;
  /** Where changes of balances and credentials are published. */
  readonly bus: EventBus;
  /** The keys of accepted passports. */
  readonly passportKeys: readonly PassportKey[];
  /** A private Ed25519 JWK as JSON text; signs the access tokens, makes repeated refresh tokens, and seals second factors. */
  readonly accessTokenKey: string;
  /** Whether strangers can sign up; false if omitted. */
  readonly signUp?: boolean;
  /** Hashes passwords, and is closed with the server; scrypt at full cost if omitted, as in every program. */
  readonly passwords?: PasswordHasher;
  /** An OpenID Connect issuer whose ID tokens sign users in; none if omitted. */
  readonly issuer?: OutsideIssuerSettings | undefined;
  /** Where a test kills the process; nowhere if omitted. */
  readonly faults?: FaultPoint;
  /** Where measurements are recorded; nowhere if omitted. */
  readonly metrics?: SubgraphMetrics | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Builds the account subgraph: its stores and its server.
 * @throws Error if the database cannot be read, or the key is not a private Ed25519 JWK
 */
export async function createAccountServer(options: AccountServerOptions): Promise<SubgraphServer> {
  const { bus, clock, logger } = options;
  const tokens = await openJwtAccessTokens(options.accessTokenKey);
  const opened = openAccountStores({
    ...options,
    onConnectionError: (cause) => logger.warn({ err: cause }, 'a database connection was lost'),
  });
  const stores = withServerPresence('account', opened, options);
  try {
    const seal = openSecretSeal(options.accessTokenKey);
    const unreadable = await readAtStart('account', async () => {
      await stores.requireVersion();
      return countUnreadableSecrets(stores.secondFactors, seal);
    });
    if (unreadable > 0) logger.error({ secondFactors: unreadable }, OTHER_KEY);
    const passwords = options.passwords ?? new ScryptPasswordHasher();
    const useCases = createUseCases({
      stores,
      tokens,
      passwords,
      bus,
      clock,
      refreshTokens: openRefreshTokenSecrets(options.accessTokenKey),
      seal,
      signUp: options.signUp ?? false,
      issuer: options.issuer === undefined ? null : openOutsideIssuer(options.issuer),
      report: (cause) => logger.error({ err: cause }, 'could not note the use of a key'),
    });
    const server = await createSubgraphServer(
      {
        name: 'account',
        schema,
        createContext: createAccountContext(useCases, stores),
        needs: async () => ({ database: await stores.isReachable() }),
      },
      options,
    );
    return {
      listen: (address) => server.listen(address),
      stop: async () => {
        await server.stop();
        passwords.close();
        await stores.close();
      },
    };
  } catch (cause) {
    await stores.close();
    throw cause;
  }
}
