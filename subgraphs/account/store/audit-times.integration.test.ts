import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedTrader } from '../../../prisma/account/test-seed-trader.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

let opened: TestStores;
beforeAll(async () => {
  opened = await openTestStores();
});
afterAll(() => opened.close());

describe('the audit trail of a user', () => {
  it('lists every entry in its period, whatever the clock of the process that wrote it', async () => {
    const { userId } = await seedTrader(opened.databaseUrl, { name: 'anna', balances: {} });
    const { audit } = opened.stores;
    const start = Date.now() + 60_000;
    const append = (subjectId: string, atMs: number) =>
      audit.append({
        ...{ userId, action: 'WITHDRAWAL_REQUESTED', subjectId, atMs },
        ...{ apiKeyId: null, sessionId: null, origin: null },
      } satisfies AuditRecord);
    // The second process started earlier, or its clock is behind.
    await append('first', start + 10_000);
    await append('second', start);
    await append('third', start + 20_000);
    const listed = async (from: number | null, to: number | null) => {
      const entries = await audit.entriesOf(userId, {
        ...{ before: null, limit: 10, period: { from, to } },
      });
      return entries
        .filter(({ action }) => action === 'WITHDRAWAL_REQUESTED')
        .map(({ subjectId, atMs }) => [subjectId, atMs - start]);
    };
    const all = [
      ['third', 20_000],
      ['second', 10_000],
      ['first', 10_000],
    ];
    expect(await listed(null, null)).toEqual(all);
    expect(await listed(start, null)).toEqual(all);
    expect(await listed(start + 10_000, start + 20_000)).toEqual(all.slice(1));
    expect(await listed(null, start + 10_000)).toEqual([]);
  });
});
