import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember } from './add-member.ts';
import { withStores } from './with-stores.ts';
import { seedTestTrader, type TestTrader } from './test-trader.ts';

let olga: TestTrader;
beforeAll(async () => {
  olga = await seedTestTrader();
});
afterAll(() => olga.drop());

const add = (change: object = {}) =>
  addMember(olga.databaseUrl, {
    userId: olga.trader.userId,
    accountId: 'house',
    role: 'OWNER',
    ...change,
  });

describe('a member that the desk adds', () => {
  it('is on the account, once, with a change that nobody made by the API', async () => {
    expect(await add()).toBe(`Olga (${olga.trader.userId}) is OWNER of house now.`);
    await expect(add({ role: 'VIEWER' })).rejects.toThrow('is a member of the account already');
    const accountId = 'house' as typeof olga.trader.accountId;
    await withStores(olga.databaseUrl, async ({ identity, members }) => {
      expect(await identity.grantsOf(olga.trader.userId)).toContainEqual({
        accountId,
        role: 'OWNER',
      });
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
