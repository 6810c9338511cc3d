import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

const KEY = trusted(parseApiKeyId, '00000000000000000000');
const NOW_MS = 1_800_000_000_000;
const VALID_MS = 5000;

let opened: TestStores;
beforeAll(async () => {
  opened = await openTestStores();
});
afterAll(() => opened.close());

describe('a nonce', () => {
  it('is used once while a process takes its request for fresh, though the clock of another is ahead', async () => {
    const other = opened.open();
    const take = ({ nonces }: typeof other, nonce: string, nowMs: number) =>
      nonces.take(KEY, nonce, { nowMs, untilMs: NOW_MS + VALID_MS });
    expect(await take(opened.stores, 'one', NOW_MS)).toBe(true);
    expect(await take(other, 'another', NOW_MS + VALID_MS + 30_000)).toBe(true);
    expect(await take(opened.stores, 'one', NOW_MS + 1)).toBe(false);
    await other.close();
  });

  it('is forgotten in the end, also after the clock was set back', async () => {
    const other = opened.open();
    const take = (nonce: string, nowMs: number) =>
      other.nonces.take(KEY, nonce, { nowMs, untilMs: nowMs });
    const laterMs = NOW_MS + 3_600_000;
    await take('ahead', laterMs);
    await take('old', NOW_MS);
    await take('new', NOW_MS + 600_000);
    const rows = await opened.sql('SELECT nonce FROM request_nonces ORDER BY nonce');
    expect(rows).toEqual([{ nonce: 'ahead' }, { nonce: 'new' }]);
    await other.close();
  });
});
