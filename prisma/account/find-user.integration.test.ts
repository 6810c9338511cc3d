import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findUser } from './find-user.ts';
import { seedTestTrader, type TestTrader } from './test-trader.ts';
import { withStores } from './with-stores.ts';

let olga: TestTrader;
beforeAll(async () => {
  olga = await seedTestTrader();
});
afterAll(() => olga.drop());

it('a user is found by the e-mail address, in any case, with their id and accounts', async () => {
  const { userId, accountId } = olga.trader;
  const user = await withStores(olga.databaseUrl, ({ identity }) => identity.userById(userId));
  expect(await findUser(olga.databaseUrl, ` ${user?.email.toUpperCase()} `)).toBe(
    [
      `Olga (${userId})`,
      'The desk or its issuer vouches for the e-mail address.',
      `OWNER of ${accountId}`,
    ].join('\n'),
  );
});

it('nobody is found by an address that no user has', async () => {
  const email = `${randomUUID()}@desk.example`;
  await expect(findUser(olga.databaseUrl, email)).rejects.toThrow(
    `There is no user with the e-mail address "${email}".`,
  );
});
