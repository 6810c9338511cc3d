import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { addMember } from './add-member.ts';
import { seedAccount, type SeededTrader, seedTrader, withStores } from './seed.ts';

let database: TestDatabase;
let trader: SeededTrader;
beforeAll(async () => {
  database = await createTestDatabase('account');
  await seedAccount(database.url);
  trader = await seedTrader(database.url, { name: 'Olga', balances: {} });
});
afterAll(() => database.drop());

const add = (change: object = {}) =>
  addMember(database.url, {
    ...{ userId: trader.userId, accountId: 'house', role: 'OWNER' },
    ...change,
  });

describe('a member that the desk adds', () => {
  it('is on the account, once, with a change that nobody made by the API', async () => {
    expect(await add()).toBe(`Olga (${trader.userId}) is OWNER of house now.`);
    await expect(add({ role: 'VIEWER' })).rejects.toThrow('is a member of the account already');
    const accountId = 'house' as typeof trader.accountId;
    await withStores(database.url, async ({ identity, members }) => {
      expect(await identity.grantsOf(trader.userId)).toContainEqual({ accountId, role: 'OWNER' });
      expect(await members.changesOf(accountId, { before: null, limit: 9 })).toMatchObject([
        { kind: 'JOINED', role: 'OWNER', user: { name: 'Olga' }, by: null },
      ]);
    });
  });

  it.each([
    [{ userId: 'usr-nobody' }, 'There is no user "usr-nobody".'],
    [{ userId: 'olga@desk.example' }, 'There is no user "olga@desk.example".'],
    [{ accountId: 'nowhere' }, 'There is no account "nowhere".'],
  ])('is not %j', async (change, message) => {
    await expect(add(change)).rejects.toThrow(message);
  });
});
