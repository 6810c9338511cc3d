import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScryptPasswordHasher } from '../../subgraphs/account/identity/scrypt-password-hasher.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { readSecretLine } from './read-secret-line.ts';
import { seedAccount, type SeededTrader, seedTrader, withStores } from './seed.ts';
import { setPassword } from './set-password.ts';

const PASSWORD = 'correct horse battery';
const ORIGIN = { address: '203.0.113.7', userAgent: null };

let database: TestDatabase;
let trader: SeededTrader;
beforeAll(async () => {
  database = await createTestDatabase('account');
  await seedAccount(database.url);
  trader = await seedTrader(database.url, { name: 'Olga', balances: {} });
});
afterAll(() => database.drop());

const cheap = () => new ScryptPasswordHasher({ costLog2: 4 });
const set = (change: object = {}) =>
  setPassword(database.url, { userId: trader.userId, password: PASSWORD, ...change }, cheap());

/** What a sign-in adds, in short. */
async function beginSession(): Promise<void> {
  const { userId } = trader;
  const id = `ses-${'0'.repeat(22)}` as never;
  const now = Date.now();
  await withStores(database.url, ({ sessions }) =>
    sessions.add(
      {
        ...{ id, userId, origin: ORIGIN, familyHash: 'f', tokenHash: 't' },
        ...{ createdAtMs: now, refreshedAtMs: now, expiresAtMs: now + 60_000, endedAtMs: null },
      },
      {
        ...{ userId, action: 'SIGNED_IN', subjectId: id, sessionId: id, apiKeyId: null },
        ...{ origin: ORIGIN, atMs: now },
      },
    ),
  );
}

describe('a password that the desk sets', () => {
  it('is the person’s, also of one who had none, and ends their sessions, and no key', async () => {
    await beginSession();
    expect(await set()).toBe(
      `Olga (${trader.userId}) has a new password; active sessions that were ended: 1.`,
    );
    await withStores(database.url, async ({ passwords, sessions, apiKeys, audit }) => {
      const hasher = cheap();
      const owner = await passwords.ownerOf(trader.userId);
      const verdict = await hasher.verify(PASSWORD, owner?.passwordHash ?? null, 'strangers');
      hasher.close();
      expect(verdict).toBe('right');
      expect(await sessions.liveOf(trader.userId, Date.now())).toEqual([]);
      expect(await apiKeys.keysOf(trader.userId, Date.now(), 9)).toMatchObject([
        { revokedAtMs: null },
      ]);
      const page = { before: null, limit: 1, period: { from: null, to: null } };
      expect(await audit.entriesOf(trader.userId, page)).toMatchObject([
        { action: 'PASSWORD_RESET', sessionId: null, apiKeyId: null, origin: null },
      ]);
    });
  });

  it.each([
    [{ userId: 'usr-nobody' }, 'There is no user "usr-nobody".'],
    [{ userId: 'olga@desk.example' }, 'There is no user "olga@desk.example".'],
    [{ password: 'x'.repeat(11) }, 'A password must have 12 to 1024 characters.'],
    [{ password: '' }, 'A password must have 12 to 1024 characters.'],
  ])('is not set for %j', async (change, message) => {
    await expect(set(change)).rejects.toThrow(message);
  });
});

describe('a line that nobody else may see', () => {
  it.each([
    ['with its end', [`${PASSWORD}\n`], PASSWORD],
    ['of a file of Windows', [`${PASSWORD}\r\n`], PASSWORD],
    ['without an end', [PASSWORD], PASSWORD],
    ['in parts, with spaces and signs', [' pass', 'wörd ✓ \nmore\n'], ' passwörd ✓ '],
    ['that is not there', [], ''],
  ])('is read %s', async (_what, chunks, line) => {
    const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
    expect(await readSecretLine(input, 'Password: ')).toBe(line);
  });
});
