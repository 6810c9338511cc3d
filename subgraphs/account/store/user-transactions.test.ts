import { expect, it } from 'vitest';
import { parseApiKeyId, parseSessionId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { UserTransactions } from './user-transactions.ts';

const userId = trusted(parseUserId, 'usr-anna');
const STOLEN = { userId, apiKeyId: trusted(parseApiKeyId, 'stolen'), sessionId: null };
const OWN = { userId, apiKeyId: null, sessionId: trusted(parseSessionId, 'ses-own') };

it('lets what ends credentials go first, and the credentials that ask for it take turns', async () => {
  const done: string[] = [];
  const transactions = new UserTransactions({
    $transaction: ((work: () => Promise<unknown>) => work()) as never,
  });
  const change = (name: string) => async () => {
    await Promise.resolve();
    done.push(name);
  };
  const flood = (name: string) =>
    ['a', 'b', 'c'].map((letter) => transactions.runFirst(STOLEN, change(`${name}-${letter}`)));
  await Promise.all([
    transactions.run(userId, change('running')),
    transactions.run(userId, change('ordinary')),
    ...flood('before'),
    transactions.runFirst(OWN, change('own')),
    ...flood('after'),
  ]);
  expect(done).toEqual([
    ...['running', 'before-a', 'own', 'before-b', 'before-c'],
    ...['after-a', 'after-b', 'after-c', 'ordinary'],
  ]);
});
