import { generateKeyPairSync } from 'node:crypto';
import { type Clock, systemClock } from '#shared/domain/clock.ts';
import { parseApiKeyId, parseSessionId, trusted } from '#shared/domain/ids.ts';
import { MemoryEventBus } from '#shared/events/memory-event-bus.ts';
import type { ClientOrigin } from '#shared/identity/client-origin.ts';
import {
  type AccountGrant,
  type Scope,
  SCOPES,
  type Service,
  type Trader,
  type Viewer,
} from '#shared/identity/viewer.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { TEST_PASSPORT_KEYS, TestSubgraph } from '#shared/subgraph/test-subgraph.ts';
import { seedAccount } from '../../prisma/account/seed.ts';
import { cheapPasswords } from '../../prisma/account/test-passwords.ts';
import { type SeededTrader, TraderSeeds } from '../../prisma/account/test-seed-trader.ts';
import { createTestDatabase } from '../../prisma/test-database.ts';
import type { OutsideIssuerSettings } from './identity/sign-in/outside-issuer.ts';
import { createAccountServer } from './server.ts';

/** The gateway and the order subgraph, as callers in their own names. */
export const GATEWAY: Service = { kind: 'service', name: 'gateway' };
export const ORDER: Service = { kind: 'service', name: 'order' };

/** The trader as the gateway sees them: the owner of their account, with an API key. */
export function viewerOf(
  { userId, accountId, apiKey }: SeededTrader,
  scopes: readonly Scope[] = SCOPES,
): Trader {
  const keyId = trusted(parseApiKeyId, apiKey.split('_')[1] ?? '');
  return {
    kind: 'trader',
    userId,
    credential: { kind: 'apiKey', keyId },
    scopes,
    accounts: [{ accountId, role: 'OWNER' }],
    expiresAt: null,
  };
}

/** The trader as a user who has signed in, with roles on accounts besides their own. */
export function signedIn(trader: SeededTrader, ...roles: readonly AccountGrant[]): Trader {
  const viewer = viewerOf(trader);
  const sessionId = trusted(parseSessionId, 'ses-0000000000000000000000');
  return {
    ...viewer,
    credential: { kind: 'session', sessionId },
    accounts: [...viewer.accounts, ...roles],
  };
}

/** The password of a trader for whom a test gives none. */
export const TEST_PASSWORD = 'a password of tests';

/** What a trader can be made with besides money. */
interface TraderOptions {
  /** {@link TEST_PASSWORD} if omitted; null for none. */
  readonly password?: string | null;
  readonly scopes?: readonly Scope[];
  readonly moreAccounts?: number;
  /** Whether they act for the desk. */
  readonly isDesk?: boolean;
}

/** A listening account server on a seeded database of its own, whose passwords are cheap. */
export async function startTestServer(
  clock: Clock = systemClock,
  signUp = true,
  passwords = cheapPasswords(),
  issuer?: OutsideIssuerSettings,
) {
  const database = await createTestDatabase('account');
  await seedAccount(database.url);
  const bus = new MemoryEventBus();
  const { privateKey } = generateKeyPairSync('ed25519');
  const server = await createAccountServer({
    databaseUrl: database.url,
    bus,
    signUp,
    passwords,
    issuer,
    passportKeys: TEST_PASSPORT_KEYS,
    accessTokenKey: JSON.stringify(privateKey.export({ format: 'jwk' })),
    clock,
    logger: createLogger({ unit: 'test', level: 'silent' }),
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const subgraph = new TestSubgraph('account', url);
  const seeds = new TraderSeeds(database.url);
  let traders = 0;
  return {
    bus,
    url,
    databaseUrl: database.url,
    /** Runs a statement in the store. @returns its rows */
    sql: database.sql,
    subgraph,
    /** Sends an operation with one field. @returns its data @throws Error if there are errors */
    ask: async <Answer>(
      viewer: Viewer,
      query: string,
      input?: object,
      origin?: ClientOrigin,
    ): Promise<Answer> => {
      const answer = await subgraph.request<Record<string, Answer>>(
        viewer,
        query,
        { input },
        origin,
      );
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
      return Object.values(answer.data)[0] as Answer;
    },
    /** A trader with one account and this much in it. */
    aTrader: (
      balances: Readonly<Record<string, string>> = {},
      { password = TEST_PASSWORD, ...options }: TraderOptions = {},
    ) => {
      const name = `trader-${(traders += 1)}`;
      const shown = password === null ? {} : { password };
      return seeds.add({ name, balances, passwords, ...shown, ...options });
    },
    /** The trader as {@link viewerOf}, with every account that the store grants. */
    viewerWithAllAccounts: async (trader: SeededTrader): Promise<Trader> => {
      const { data } = await subgraph.request<{ authenticate: { principal: Trader } }>(
        GATEWAY,
        `query ($credential: CredentialInput!) { authenticate(credential: $credential) {
          principal { accounts { accountId role } }
        } }`,
        { credential: { apiKey: trader.apiKey } },
      );
      return { ...viewerOf(trader), accounts: data.authenticate.principal.accounts };
    },
    stop: async () => {
      await subgraph.close();
      await server.stop();
      await bus.dispose();
      await seeds.close();
      await database.drop();
    },
  };
}

/** See {@link startTestServer}. */
export type TestServer = Awaited<ReturnType<typeof startTestServer>>;
