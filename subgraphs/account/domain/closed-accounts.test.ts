import { describe, expect, it } from 'vitest';
import { parseTransferId, parseUserId, trusted } from '#shared/domain/ids.ts';
import { TestBooks } from './test-books.ts';
import {
  deposit,
  money,
  placeHold,
  releaseHold,
  settleTrade,
  side,
  transfer,
  withdraw,
} from './test-commands.ts';

/** Books in which alice's account is closed. */
const books = () => new TestBooks({}, ['alice']);

describe('a closed account', () => {
  it.each([
    ['a deposit', deposit('x', 'alice', '1'), 'ACCOUNT_CLOSED'],
    ['a withdrawal', withdraw('x', 'alice', '1'), 'ACCOUNT_CLOSED'],
    ['a transfer to it', transfer('x', 'bob', 'alice', '1'), 'ACCOUNT_CLOSED'],
    ['a transfer from it', transfer('x', 'alice', 'bob', '1'), 'ACCOUNT_CLOSED'],
    ['a hold', placeHold('x', 'alice', '1'), 'accountClosed'],
  ])('is not reached by %s', (_what, command, outcome) => {
    const made = books();
    made.runAll(deposit('d', 'bob', '5'));
    expect(made.runAll(command)).toEqual([outcome]);
    expect(made.balance('alice')).toBe('none');
    expect(made.balance('bob')).toBe('5 = 0 + 5');
  });

  it('is not reached by a correction of what left it either', () => {
    const made = books();
    const sent = { id: 't', asset: deposit('d', 'bob', '5').asset, amount: money('5') };
    const ends = { from: deposit('d', 'alice', '5').to, to: deposit('d', 'bob', '5').to };
    made.runAll(deposit('d', 'bob', '5'));
    const answer = made.run({
      kind: 'correct',
      correctionId: trusted(parseTransferId, 'c'),
      corrects: { ...sent, ...ends },
      amount: money('5'),
      reason: 'sent twice',
      actor: trusted(parseUserId, 'desk-person'),
    });
    expect(answer).toMatchObject({ outcome: { reason: 'ACCOUNT_CLOSED' } });
    expect(made.balance('bob')).toBe('5 = 0 + 5');
  });

  it('is where a late release finds nothing to do, and a trade breaks an invariant', () => {
    const made = books();
    expect(made.runAll(releaseHold('gone', 'alice'))).toEqual(['applied']);
    made.runAll(deposit('d', 'bob', '5'), placeHold('b', 'bob', '5'));
    const trade = settleTrade('t', {
      ...{ quantity: '1', cost: '5' },
      ...{ buyer: side('bob', { hold: 'b' }), seller: side('alice') },
    });
    expect(() => made.run(trade)).toThrow('account alice is closed');
  });
});
