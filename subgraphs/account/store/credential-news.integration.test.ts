import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeyId, parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { seedTrader } from '../../../prisma/account/test-seed-trader.ts';
import type { AuditAction, AuditRecord } from '../identity/audit/audit-record.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

let opened: TestStores;
beforeAll(async () => {
  opened = await openTestStores();
});
afterAll(() => opened.close());

async function aTrader(name: string) {
  const { userId, accountId, apiKey } = await seedTrader(opened.databaseUrl, {
    name,
    balances: {},
  });
  const keyId = trusted(parseApiKeyId, apiKey.split('_')[1] ?? '');
  const record = (action: AuditAction): AuditRecord => ({
    ...{ userId, action, subjectId: accountId, atMs: Date.now() },
    ...{ apiKeyId: null, sessionId: null, origin: null },
  });
  return { userId, accountId, keyId, record };
}

describe('the announcement of credential changes', () => {
  it('announces each change once, and nothing else', async () => {
    const { stores, bus } = opened;
    const [owner, other] = [await aTrader('owner'), await aTrader('other')];
    const told: string[] = [];
    const news = await bus.subscribe('credentials.changed');
    const listening = (async () => {
      for await (const signal of news)
        if (signal.kind === 'message') told.push(signal.message.userId);
    })();
    const { members, sessions, apiKeys } = stores;
    const removed = owner.record('MEMBER_REMOVED');
    const nobody = trusted(parseUserId, 'nobody');
    expect(await members.remove(owner.accountId, other.userId, removed)).toBe('notThere');
    expect(await members.remove(owner.accountId, nobody, removed)).toBe('notThere');
    expect(await members.remove(owner.accountId, owner.userId, removed)).toBe('lastOwner');
    expect(await members.remove(other.accountId, other.userId, removed)).toBe('accountNotFound');
    await members.accept('no such hash', owner.record('INVITATION_ACCEPTED'));
    const absent = trusted(parseSessionId, 'ses-0000000000000000000000');
    expect(await sessions.end(absent, owner.record('SESSION_ENDED'))).toBeNull();
    expect(await sessions.endAll(owner.record('ALL_SESSIONS_ENDED'))).toBe(0);
    const rotation = {
      ...{ from: 'another', to: 'hash', previousSecretHash: null },
      ...{ previousSecretUntilMs: 0, rotationRetryKey: null, isRepetition: false },
    };
    expect(await apiKeys.rotate(owner.keyId, rotation, owner.record('API_KEY_ROTATED'))).toBeNull();
    const revoked = owner.record('API_KEY_REVOKED');
    expect(await apiKeys.revoke(other.keyId, revoked)).toBeNull();
    await apiKeys.revoke(owner.keyId, revoked);
    await apiKeys.revoke(owner.keyId, revoked);
    bus.publish('credentials.changed', { userId: nobody });
    await expect.poll(() => told.at(-1)).toBe(nobody);
    expect(told).toEqual([owner.userId, nobody]);
    await news.return?.();
    await listening;
  });
});
