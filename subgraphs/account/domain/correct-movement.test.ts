import { describe, expect, it } from 'vitest';
import { parseTransferId, parseUserId, trusted } from '#shared/domain/ids.ts';
import type { CorrectMovement, LedgerCommand } from './ledger-command.ts';
import { TestBooks } from './test-books.ts';
import { deposit, money, placeHold, transfer } from './test-commands.ts';

const ISSUER = 'desk-person';

/** Books in which alice was given 100 and has sent 30 of it to bob. */
function books(): TestBooks {
  const made = new TestBooks();
  made.runAll(deposit('d', 'alice', '100'), transfer('t', 'alice', 'bob', '30'));
  return made;
}

function correction(made: TestBooks, id: string, of: string, amount: string): CorrectMovement {
  const corrects = made.changes().transfers.find(({ reference }) => reference === of);
  if (corrects === undefined) throw new Error(`There is no movement ${of}.`);
  return {
    ...{ kind: 'correct', correctionId: trusted(parseTransferId, id), corrects },
    ...{ amount: money(amount), reason: 'typed twice', actor: trusted(parseUserId, ISSUER) },
  };
}

const run = (made: TestBooks, command: LedgerCommand) => {
  const answer = made.run(command, ISSUER);
  if (answer.kind !== 'answered') return answer.kind;
  const { outcome, replayed } = answer;
  return `${'reason' in outcome ? outcome.reason : outcome.kind}${replayed ? ' again' : ''}`;
};

describe('a correction', () => {
  it('moves back what was moved, by entries of its own that say what they correct', () => {
    const made = books();
    expect(run(made, correction(made, 'c', 't', '30'))).toBe('applied');
    expect(made.balance('alice')).toBe('100 = 0 + 100');
    expect(made.balance('bob')).toBe('0 = 0 + 0');
    const { transfers, entries } = made.changes();
    expect(
      transfers.map(({ type, correction: reference }) => [type, reference?.corrects ?? null]),
    ).toEqual([
      ['DEPOSIT', null],
      ['TRANSFER', null],
      ['CORRECTION', 'tester.t'],
    ]);
    const corrected = entries.filter(({ type }) => type === 'CORRECTION');
    expect(corrected.map(({ change }) => change)).toEqual([-money('30'), money('30')]);
  });

  it('is made once for each id, and another under the same id is told what differs', () => {
    const made = books();
    const command = correction(made, 'c', 't', '10');
    expect([run(made, command), run(made, command)]).toEqual(['applied', 'applied again']);
    expect(run(made, { ...command, amount: money('11') })).toBe('conflict');
    expect(made.balance('bob')).toBe('20 = 0 + 20');
  });

  it('never takes back more than was moved, however often', () => {
    const made = books();
    const parts = ['0', '31', '0.000000001', '20', '11', '10', '1'].map((amount, at) =>
      run(made, correction(made, `c${at}`, 't', amount)),
    );
    const [zero, more, finer, ...rest] = parts;
    expect([zero, more, finer]).toEqual(['INVALID_AMOUNT', 'INVALID_AMOUNT', 'INVALID_AMOUNT']);
    expect(rest).toEqual(['applied', 'ALREADY_CORRECTED', 'applied', 'ALREADY_CORRECTED']);
    expect(made.balance('bob')).toBe('0 = 0 + 0');
  });

  it('can be corrected itself', () => {
    const made = books();
    run(made, correction(made, 'c', 't', '30'));
    expect(run(made, correction(made, 'c2', 'c', '30'))).toBe('applied');
    expect(made.balance('bob')).toBe('30 = 0 + 30');
  });

  it('takes nothing that is held', () => {
    const made = books();
    made.runAll(placeHold('h', 'bob', '25'));
    expect(run(made, correction(made, 'c', 't', '30'))).toBe('INSUFFICIENT_FUNDS');
    expect(run(made, correction(made, 'c2', 't', '5'))).toBe('applied');
    expect(made.balance('bob')).toBe('25 = 25 + 0');
  });
});
