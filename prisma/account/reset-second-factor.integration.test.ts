import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { resetSecondFactor } from './reset-second-factor.ts';
import { seedAccount, type SeededTrader, seedTrader, withStores } from './seed.ts';

let database: TestDatabase;
let trader: SeededTrader;
beforeAll(async () => {
  database = await createTestDatabase('account');
  await seedAccount(database.url);
  trader = await seedTrader(database.url, { name: 'Olga', balances: {} });
});
afterAll(() => database.drop());

const recordOf = (action: 'SIGNED_IN' | 'SECOND_FACTOR_ON', sessionId: string) => ({
  ...{ userId: trader.userId, action, subjectId: null, apiKeyId: null, origin: null },
  ...{ sessionId: sessionId as never, atMs: Date.now() },
});

/** A session, and a second factor that was turned on in it. */
async function beginWithSecondFactor(sessionId: string): Promise<void> {
  const { userId } = trader;
  const now = Date.now();
  await withStores(database.url, async ({ sessions, secondFactors }) => {
    await sessions.add(
      {
        ...{ id: sessionId as never, userId, origin: null, familyHash: 'f', tokenHash: 't' },
        ...{ createdAtMs: now, refreshedAtMs: now, expiresAtMs: now + 60_000, endedAtMs: null },
      },
      recordOf('SIGNED_IN', sessionId),
    );
    await secondFactors.start(userId, 'sealed');
    const change = { sealedSecret: 'sealed', counter: 1n, codeHashes: ['one', 'other'] };
    expect(await secondFactors.confirm(change, recordOf('SECOND_FACTOR_ON', sessionId))).toBe(true);
  });
}

describe('a second factor that the operator removes', () => {
  it('is off, with its recovery codes, and the user’s sessions end, but no key; the trail says so', async () => {
    await beginWithSecondFactor(`ses-${'0'.repeat(22)}`);
    expect(await resetSecondFactor(database.url, trader.userId)).toBe(
      `Olga (${trader.userId}) has no second factor any more; active sessions that were ended: 1.`,
    );
    await withStores(database.url, async ({ secondFactors, sessions, apiKeys, audit }) => {
      expect(await secondFactors.factorOf(trader.userId)).toBeNull();
      expect(await sessions.liveOf(trader.userId, Date.now())).toEqual([]);
      expect(await apiKeys.keysOf(trader.userId, Date.now(), 9)).toMatchObject([
        { revokedAtMs: null },
      ]);
      const page = { before: null, limit: 1, period: { from: null, to: null } };
      expect(await audit.entriesOf(trader.userId, page)).toMatchObject([
        { action: 'SECOND_FACTOR_RESET', sessionId: null, apiKeyId: null, origin: null },
      ]);
    });
    await beginWithSecondFactor(`ses-${'1'.repeat(22)}`);
    await withStores(database.url, async ({ secondFactors }) => {
      expect(await secondFactors.factorOf(trader.userId)).toMatchObject({ recoveryCodesLeft: 2 });
    });
  });

  it('must be there, and ends nothing if it is not', async () => {
    const other = await seedTrader(database.url, { name: 'Max', balances: {} });
    await expect(resetSecondFactor(database.url, other.userId)).rejects.toThrow(
      `Max (${other.userId}) has no second factor.`,
    );
    for (const nobody of ['usr-nobody', 'olga@desk.example'])
      await expect(resetSecondFactor(database.url, nobody)).rejects.toThrow(
        `There is no user "${nobody}".`,
      );
  });
});
