import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { DAY_MS } from '#shared/domain/clock.ts';
import { endCredentials } from './end-credentials.ts';
import { seedTestTrader, type TestTrader } from './test-trader.ts';
import { withStores } from './with-stores.ts';

let olga: TestTrader;
beforeAll(async () => {
  olga = await seedTestTrader();
});
afterEach(() => void vi.useRealTimers());
afterAll(() => olga.drop());

it('ends all sessions and keys of a user, once, which is in their trail', async () => {
  const { userId } = olga.trader;
  await olga.beginSession(`ses-${'0'.repeat(22)}`);
  await olga.beginSession(`ses-${'1'.repeat(22)}`);
  for (const [sessions, apiKeys] of [
    [2, 1],
    [0, 0],
  ])
    expect(await endCredentials(olga.databaseUrl, userId)).toBe(
      `Olga (${userId}) has no sessions and API keys any more; sessions that were ended: ${sessions}, API keys: ${apiKeys}.`,
    );
  await withStores(olga.databaseUrl, async ({ sessions, apiKeys, audit }) => {
    expect(await sessions.liveOf(userId, Date.now())).toEqual([]);
    const [key] = await apiKeys.keysOf(userId, Date.now(), 9);
    expect(key?.revokedAtMs).not.toBeNull();
    const page = { before: null, limit: 3, period: { from: null, to: null } };
    const byOperator = { sessionId: null, apiKeyId: null, origin: null };
    expect(await audit.entriesOf(userId, page)).toMatchObject([
      { action: 'ALL_SESSIONS_ENDED', subjectId: null, ...byOperator },
      { action: 'API_KEY_REVOKED', subjectId: key?.id, ...byOperator },
      { action: 'ALL_SESSIONS_ENDED', subjectId: null, ...byOperator },
    ]);
  });
});

it('ends what is valid by the clock of the database, also if the clock of the operator is wrong', async () => {
  await olga.beginSession(`ses-${'2'.repeat(22)}`);
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now + 40 * DAY_MS });
  expect(await endCredentials(olga.databaseUrl, olga.trader.userId)).toContain('ended: 1,');
  vi.useRealTimers();
  await withStores(olga.databaseUrl, async ({ audit }) => {
    const page = { before: null, limit: 1, period: { from: now + DAY_MS, to: null } };
    expect(await audit.entriesOf(olga.trader.userId, page)).toEqual([]);
  });
});

it('must be a user', async () => {
  await expect(endCredentials(olga.databaseUrl, 'olga@desk.example')).rejects.toThrow(
    'There is no user "olga@desk.example".',
  );
});
