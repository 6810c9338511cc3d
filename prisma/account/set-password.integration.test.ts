import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretLine } from './read-secret-line.ts';
import { withStores } from './with-stores.ts';
import { setPassword } from './set-password.ts';
import { cheapPasswords } from './test-passwords.ts';
import { seedTestTrader, type TestTrader } from './test-trader.ts';

const PASSWORD = 'correct horse battery';

let olga: TestTrader;
beforeAll(async () => {
  olga = await seedTestTrader();
});
afterAll(() => olga.drop());

const set = (change: object = {}) =>
  setPassword(
    olga.databaseUrl,
    { userId: olga.trader.userId, password: PASSWORD, ...change },
    cheapPasswords(),
  );

describe('a password that the desk sets', () => {
  it('is the person’s, also of one who had none, and ends their sessions, and no key', async () => {
    await olga.beginSession(`ses-${'0'.repeat(22)}`);
    expect(await set()).toBe(
      `Olga (${olga.trader.userId}) has a new password; active sessions that were ended: 1.`,
    );
    await withStores(olga.databaseUrl, async ({ passwords, sessions, apiKeys, audit }) => {
      const hasher = cheapPasswords();
      const owner = await passwords.ownerOf(olga.trader.userId);
      const verdict = await hasher.verify(PASSWORD, owner?.passwordHash ?? null, null);
      hasher.close();
      expect(verdict).toBe('right');
      expect(await sessions.liveOf(olga.trader.userId, Date.now())).toEqual([]);
      expect(await apiKeys.keysOf(olga.trader.userId, Date.now(), 9)).toMatchObject([
        { revokedAtMs: null },
      ]);
      const page = { before: null, limit: 1, period: { from: null, to: null } };
      expect(await audit.entriesOf(olga.trader.userId, page)).toMatchObject([
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
