import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseApiKeyId, trusted } from '#shared/domain/ids.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

const KEY = trusted(parseApiKeyId, '00000000000000000000');
const NOW_MS = 1_800_000_000_000;

let opened: TestStores;
beforeAll(async () => {
  opened = await openTestStores();
});
afterAll(() => opened.close());

it('stores times as they are, whatever the time zone of the database', async () => {
  // Like a PostgreSQL that took the time zone of its machine when it was made.
  await opened.sql(`DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET timezone TO ''Asia/Tokyo''', current_database());
  END $$`);
  const stores = opened.open();
  await stores.nonces.take(KEY, 'one', { nowMs: NOW_MS, untilMs: NOW_MS });
  const [kept] = await opened.sql<{ ms: string }>(
    'SELECT extract(epoch FROM used_until) * 1000 AS ms FROM request_nonces',
  );
  expect(Number(kept?.ms)).toBe(NOW_MS);
  await stores.close();
});
