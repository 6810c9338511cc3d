import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionId } from '#shared/domain/ids.ts';
import { resetSecondFactor } from './reset-second-factor.ts';
import { seedTrader } from './test-seed-trader.ts';
import { withStores } from './with-stores.ts';
import { seedTestTrader, type TestTrader } from './test-trader.ts';

let olga: TestTrader;
beforeAll(async () => {
  olga = await seedTestTrader();
});
afterAll(() => olga.drop());

/** A session, and a second factor that was turned on in it. */
async function beginWithSecondFactor(sessionId: string): Promise<void> {
  await olga.beginSession(sessionId);
  const { userId } = olga.trader;
  await withStores(olga.databaseUrl, async ({ secondFactors }) => {
    await secondFactors.start(userId, 'sealed');
    const change = { sealedSecret: 'sealed', counter: 1n, codeHashes: ['one', 'other'] };
    const confirmed = await secondFactors.confirm(change, {
      userId,
      action: 'SECOND_FACTOR_ON',
      subjectId: null,
      sessionId: sessionId as SessionId,
      apiKeyId: null,
      origin: null,
      atMs: Date.now(),
    });
    expect(confirmed).toBe(true);
  });
}

describe('a second factor that the operator removes', () => {
  it('is off, with its recovery codes, and the user’s sessions end, but no key; the trail says so', async () => {
    await beginWithSecondFactor(`ses-${'0'.repeat(22)}`);
    expect(await resetSecondFactor(olga.databaseUrl, olga.trader.userId)).toBe(
      `Olga (${olga.trader.userId}) has no second factor any more; active sessions that were ended: 1.`,
    );
    await withStores(olga.databaseUrl, async ({ secondFactors, sessions, apiKeys, audit }) => {
      expect(await secondFactors.factorOf(olga.trader.userId)).toBeNull();
      expect(await sessions.liveOf(olga.trader.userId, Date.now())).toEqual([]);
      expect(await apiKeys.keysOf(olga.trader.userId, Date.now(), 9)).toMatchObject([
        { revokedAtMs: null },
      ]);
      const page = { before: null, limit: 1, period: { from: null, to: null } };
      expect(await audit.entriesOf(olga.trader.userId, page)).toMatchObject([
        { action: 'SECOND_FACTOR_RESET', sessionId: null, apiKeyId: null, origin: null },
      ]);
    });
    await beginWithSecondFactor(`ses-${'1'.repeat(22)}`);
    await withStores(olga.databaseUrl, async ({ secondFactors }) => {
      expect(await secondFactors.factorOf(olga.trader.userId)).toMatchObject({
        recoveryCodesLeft: 2,
      });
    });
  });

  it('must be there, and ends nothing if it is not', async () => {
    const other = await seedTrader(olga.databaseUrl, { name: 'Max', balances: {} });
    await expect(resetSecondFactor(olga.databaseUrl, other.userId)).rejects.toThrow(
      `Max (${other.userId}) has no second factor.`,
    );
    for (const nobody of ['usr-nobody', 'olga@desk.example'])
      await expect(resetSecondFactor(olga.databaseUrl, nobody)).rejects.toThrow(
        `There is no user "${nobody}".`,
      );
  });
});
