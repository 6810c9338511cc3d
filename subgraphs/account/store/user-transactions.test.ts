import { describe, expect, it } from 'vitest';
import {
  parseApiKeyId,
  parseSessionId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { UserTransactions } from './user-transactions.ts';

const userId = trusted(parseUserId, 'usr-anna');
const STOLEN = { userId, apiKeyId: trusted(parseApiKeyId, 'stolen'), sessionId: null };
const BERT = trusted(parseUserId, 'usr-bert');
const OTHER_KEY = { ...STOLEN, apiKeyId: trusted(parseApiKeyId, 'by-the-thief') };
const OWN = { userId, apiKeyId: null, sessionId: trusted(parseSessionId, 'ses-own') };
const LATER = { ...OWN, sessionId: trusted(parseSessionId, 'ses-later') };

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

describe('where too many changes wait', () => {
  /** Transactions that end one after the other, when they are told to. */
  function aQueue() {
    const end: (() => void)[] = [];
    const transactions = new UserTransactions({
      $transaction: (() => new Promise<void>((resolve) => end.push(resolve))) as never,
    });
    const work = () => Promise.resolve();
    const answerOf = (change: Promise<unknown>) =>
      change.then(
        () => 'done',
        () => 'refused',
      );
    return {
      ask: (asker: Parameters<UserTransactions['runFirst']>[0]) =>
        answerOf(transactions.runFirst(asker, work)),
      change: (user: UserId) => answerOf(transactions.run(user, work)),
      endAll: async (answers: readonly Promise<string>[]) => {
        let isOver = false;
        const all = Promise.all(answers).finally(() => (isOver = true));
        while (!isOver) {
          end.shift()?.();
          await new Promise(setImmediate);
        }
        return all;
      },
    };
  }
  const count = (answers: readonly string[]) =>
    answers.filter((answer) => answer === 'done').length;

  it('refuses a credential all but one that goes first, and whatever else has one waiting', async () => {
    const { ask, change, endAll } = aQueue();
    const flood = Array.from({ length: 60 }, () => ask(STOLEN));
    const answers = [
      ...[ask(OWN), ask(OWN), ask(OTHER_KEY)],
      // What is recorded of the user, such as guesses of the thief.
      ...[ask({ ...OWN, sessionId: null }), ask({ ...OWN, sessionId: null })],
      // A used refresh token of the session in which the second ending was refused, and a sign-in.
      ...[ask({ ...OWN, action: 'REFRESH_TOKEN_REUSED' }), ask({ ...LATER, action: 'SIGNED_IN' })],
      ...[change(userId), change(userId)],
      ...[change(BERT), change(BERT), change(BERT)],
    ];
    const all = await endAll([...flood, ...answers]);
    expect(count(all.slice(0, 60))).toBe(25);
    expect(all.slice(60)).toEqual([
      ...['done', 'refused', 'refused'],
      ...['done', 'done', 'done', 'done'],
      ...['done', 'refused'],
      // The first one does not wait at all.
      ...['done', 'done', 'refused'],
    ]);
  });

  it('lets a session take the place of a key, and of nothing else', async () => {
    const { ask, endAll } = aQueue();
    const flood = Array.from({ length: 25 }, () => ask(STOLEN));
    const own = ask(OWN);
    const later = ask(LATER);
    const all = await endAll([...flood, own, later]);
    expect([count(all.slice(0, 25)), ...all.slice(25)]).toEqual([24, 'done', 'done']);
    const other = aQueue();
    const sessions = [OWN, OWN, LATER].map((asker) => other.ask(asker));
    const others = Array.from({ length: 24 }, () => other.change(userId));
    const third = other.ask({ ...LATER, sessionId: trusted(parseSessionId, 'ses-third') });
    const ended = await other.endAll([...sessions, ...others, third]);
    expect([count(ended.slice(0, 3)), count(ended.slice(3, 27)), ended[27]]).toEqual([
      ...[3, 22, 'refused'],
    ]);
  });
});
