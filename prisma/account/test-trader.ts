import type { SessionId } from '#shared/domain/ids.ts';
import { createTestDatabase } from '../test-database.ts';
import { seedAccount } from './seed.ts';
import { type SeededTrader, seedTrader } from './test-seed-trader.ts';
import { withStores } from './with-stores.ts';

/** A trader called Olga in an account store of her own. */
export interface TestTrader {
  readonly databaseUrl: string;
  readonly trader: SeededTrader;
  /** Adds what a sign-in adds, in short: a session for a minute. */
  beginSession(sessionId: string): Promise<void>;
  /** Discards the store. */
  drop(): Promise<void>;
}

/** Makes and seeds the store. */
export async function seedTestTrader(): Promise<TestTrader> {
  const database = await createTestDatabase('account');
  await seedAccount(database.url);
  const trader = await seedTrader(database.url, { name: 'Olga', balances: {} });
  const { userId } = trader;
  return {
    databaseUrl: database.url,
    trader,
    beginSession: async (sessionId) => {
      const id = sessionId as SessionId;
      const now = Date.now();
      const times = { createdAtMs: now, refreshedAtMs: now, expiresAtMs: now + 60_000 };
      const session = { id, userId, origin: null, familyHash: 'f', tokenHash: 't', ...times };
      await withStores(database.url, ({ sessions }) =>
        sessions.add(
          { ...session, endedAtMs: null },
          {
            userId,
            action: 'SIGNED_IN',
            subjectId: id,
            sessionId: id,
            apiKeyId: null,
            origin: null,
            atMs: now,
          },
        ),
      );
    },
    drop: () => database.drop(),
  };
}
