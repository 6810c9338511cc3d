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
import type { AccountContext } from './context.ts';
import { DESK_ACCOUNTS } from './domain/account.ts';
import type { PasswordHasher } from './identity/credentials.ts';
import { openJwtAccessTokens } from './identity/jwt-access-tokens.ts';
import { openOutsideIssuer, type OutsideIssuerSettings } from './identity/outside-issuer.ts';
import { openSecretSeal } from './identity/secret-seal.ts';
import { ScryptPasswordHasher } from './identity/scrypt-password-hasher.ts';
import { createLoaders } from './loaders.ts';
import { permissions } from './permissions.ts';
import { resolvers } from './resolvers/index.ts';
import { type AccountStores, openAccountStores } from './store/open-account-stores.ts';
import { createUseCases } from './use-cases.ts';

const schema = buildGuardedSchema({
  typeDefs: readFileSync(new URL('./schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  permissions,
});

/** What the account subgraph is built from. */
export interface AccountOptions {
  readonly databaseUrl: string;
  /** Where balance streams and changed credentials are told. */
  readonly bus: EventBus;
  /** Whose passports are believed. */
  readonly passportKeys: readonly PassportKey[];
  /** A private Ed25519 JWK as JSON text; signs the access tokens, and seals second factors. */
  readonly accessTokenKey: string;
  /** Whether strangers may sign up; not if omitted. */
  readonly signUp?: boolean;
  /** How passwords are hashed, closed with the server: by scrypt at its full cost if omitted, as every program leaves it. */
  readonly passwords?: PasswordHasher;
  /** An OpenID Connect issuer that says who people are; none if omitted. */
  readonly issuer?: OutsideIssuerSettings | undefined;
  /** Where a test lets the process die; nowhere if omitted. */
  readonly faults?: FaultPoint;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Builds the account subgraph: its stores and its server.
 * @throws Error when the database cannot be read, or the key is no private Ed25519 JWK
 */
export async function createAccountServer(options: AccountOptions): Promise<SubgraphServer> {
  const { bus, clock, logger, passportKeys } = options;
  const tokens = await openJwtAccessTokens(options.accessTokenKey);
  const stores = openAccountStores({
    ...options,
    onConnectionError: (cause) => logger.warn({ err: cause }, 'a database connection was lost'),
  });
  try {
    await checkDatabase(stores);
    const passwords = options.passwords ?? new ScryptPasswordHasher();
    const useCases = createUseCases({
      ...{ stores, tokens, passwords, bus, clock },
      seal: openSecretSeal(options.accessTokenKey),
      signUp: options.signUp ?? false,
      issuer: options.issuer === undefined ? null : openOutsideIssuer(options.issuer),
      report: (cause) => logger.error({ err: cause }, 'could not write an audit record'),
    });
    const server = await createSubgraphServer<AccountContext>(
      {
        name: 'account',
        schema,
        createContext: ({ viewer, origin, requestId, quota }) => ({
          ...{ viewer, origin, requestId, quota, useCases },
          loaders: createLoaders(stores),
        }),
        isReady: () => stores.isReachable(),
      },
      { passportKeys, clock, logger },
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

async function checkDatabase(stores: AccountStores): Promise<void> {
  try {
    await stores.accounts.accounts(Object.values(DESK_ACCOUNTS));
  } catch (cause) {
    throw new Error('The account database cannot be read: is it there, and migrated?', { cause });
  }
}
