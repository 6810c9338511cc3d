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

it('refuses a credential more of what goes first than fifty, and no other one its first', async () => {
  const end: (() => void)[] = [];
  const transactions = new UserTransactions({
    $transaction: (() => new Promise<void>((resolve) => end.push(resolve))) as never,
  });
  const work = () => Promise.resolve();
  const ask = (asker: Parameters<UserTransactions['runFirst']>[0]) =>
    transactions.runFirst(asker, work).then(
      () => 'done',
      () => 'refused',
    );
  const flood = Array.from({ length: 60 }, () => ask(STOLEN));
  const own = [ask(OWN), ask(OWN)];
  // What is recorded of the user, such as guesses of the thief.
  const recorded = [1, 2].map(() => ask({ ...OWN, sessionId: null }));
  // A used refresh token of the session in which the second ending was refused.
  const reused = ask({ ...OWN, action: 'REFRESH_TOKEN_REUSED' });
  let isOver = false;
  const all = Promise.all([...flood, ...own, ...recorded, reused]).finally(() => (isOver = true));
  while (!isOver) {
    end.shift()?.();
    await new Promise(setImmediate);
  }
  const answers = await all;
  expect(answers.filter((answer) => answer === 'refused')).toHaveLength(10);
  expect(answers.slice(60)).toEqual(['done', 'refused', 'done', 'done', 'done']);
});
