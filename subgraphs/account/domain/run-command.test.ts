import { describe, expect, it } from 'vitest';
import { TestBooks } from './test-books.ts';
import {
  deposit,
  money,
  placeHold,
  releaseHold,
  resizeHold,
  settleTrade,
  side,
  transfer,
  withdraw,
} from './test-commands.ts';

describe('money of a person', () => {
  it('comes from outside, moves between accounts and leaves', () => {
    const books = new TestBooks();
    const outcomes = books.runAll(
      deposit('d1', 'alice', '100'),
      transfer('t1', 'alice', 'bob', '30'),
      withdraw('w1', 'bob', '10'),
    );
    expect(outcomes).toEqual(['applied', 'applied', 'applied']);
    expect(books.balance('alice')).toBe('70 = 0 + 70');
    expect(books.balance('bob')).toBe('20 = 0 + 20');
    expect(books.balance('external')).toBe('-90 = 0 + -90');
  });

  it.each([
    ['an unknown asset before a bad amount', deposit('x', 'alice', '0', 'XYZ'), 'ASSET_NOT_FOUND'],
    ['zero', deposit('x', 'alice', '0'), 'INVALID_AMOUNT'],
    ['an amount finer than the scale', deposit('x', 'alice', '0.000000001'), 'INVALID_AMOUNT'],
    ['an amount beyond all measure', deposit('x', 'alice', '1000000000000.1'), 'INVALID_AMOUNT'],
    ['a bad amount before the same account', transfer('x', 'bob', 'bob', '0'), 'INVALID_AMOUNT'],
    ['the same account before missing funds', transfer('x', 'bob', 'bob', '1'), 'SAME_ACCOUNT'],
    ['more than is free', withdraw('x', 'alice', '1'), 'INSUFFICIENT_FUNDS'],
    ['an account that is not there', deposit('x', 'nobody', '1'), 'accountNotFound'],
  ])('is refused for %s, and nothing moves', (_name, command, outcome) => {
    const books = new TestBooks();
    expect(books.runAll(command)).toEqual([outcome]);
    expect(books.changes()).toMatchObject({ balances: [], entries: [], events: [], transfers: [] });
  });

  it('stays refused under its id when the funds come later', () => {
    const books = new TestBooks();
    expect(
      books.runAll(
        withdraw('w1', 'alice', '5'),
        deposit('d1', 'alice', '100'),
        withdraw('w1', 'alice', '5'),
      ),
    ).toEqual(['INSUFFICIENT_FUNDS', 'applied', 'INSUFFICIENT_FUNDS again']);
  });

  it('names the fields of a used id that differ, and takes trailing zeros for nothing', () => {
    const books = new TestBooks();
    books.run(deposit('d1', 'alice', '1.5'));
    expect(books.runAll(deposit('d1', 'alice', '1.50'))).toEqual(['applied again']);
    expect(books.run(deposit('d1', 'bob', '2'))).toEqual({
      kind: 'conflict',
      differingFields: ['accountId', 'amount'],
    });
    expect(books.balance('alice')).toBe('1.5 = 0 + 1.5');
  });

  it('keeps the ids of two people apart, and knows an id again in another mutation', () => {
    const books = new TestBooks();
    books.run(deposit('same', 'alice', '1'), 'alice');
    books.run(deposit('same', 'bob', '2'), 'bob');
    expect(books.balance('bob')).toBe('2 = 0 + 2');
    expect(books.run(withdraw('same', 'bob', '2'), 'bob')).toEqual({
      kind: 'conflict',
      differingFields: ['mutation'],
    });
  });
});

describe('hold', () => {
  const funded = () => {
    const books = new TestBooks({ bob: 'HALTED' });
    books.run(deposit('d1', 'alice', '100'));
    return books;
  };

  it('sets money aside, and gives it back when it is released', () => {
    const books = funded();
    expect(books.runAll(placeHold('h1', 'alice', '60'))).toEqual(['applied']);
    expect(books.balance('alice')).toBe('100 = 60 + 40');
    expect(books.runAll(releaseHold('h1', 'alice'))).toEqual(['applied']);
    expect(books.balance('alice')).toBe('100 = 0 + 100');
    expect(books.hold('h1')).toBe('RELEASED 60 0 60');
  });

  it('is refused when less is free, says how much, and can be asked for again, unless it was released', () => {
    const books = funded();
    const refused = { kind: 'insufficientFunds', free: money('100') };
    const command = placeHold('h1', 'alice', '100.00000001');
    expect(books.run(command)).toEqual({ kind: 'answered', outcome: refused, replayed: false });
    expect(books.hold('h1')).toBe('none');
    const given = placeHold('h2', 'alice', '101');
    expect(books.runAll(given, releaseHold('h2', 'alice'))).toEqual([
      ...['insufficientFunds', 'applied'],
    ]);
    books.run(deposit('d2', 'alice', '100'));
    expect(books.runAll(command, command, given)).toEqual(['applied', 'applied again', 'holdVoid']);
    expect(books.balance('alice')).toBe('200 = 100.00000001 + 99.99999999');
  });

  it('cannot be placed after its release', () => {
    const books = funded();
    expect(books.runAll(releaseHold('h1', 'alice'), placeHold('h1', 'alice', '1'))).toEqual([
      'applied',
      'holdVoid',
    ]);
    expect(books.balance('alice')).toBe('100 = 0 + 100');
  });

  it.each(['bob', 'nobody', 'house', 'fees', 'external'])(
    'is refused on the account %s',
    (account) => {
      expect(funded().runAll(placeHold('h1', account, '1'))).toEqual(['accountUnavailable']);
    },
  );

  it('can be asked for again on an account that is not frozen any more, unless it was released', () => {
    const books = funded();
    const asked = placeHold('h1', 'alice', '60');
    const given = placeHold('h2', 'alice', '1');
    books.setState('alice', 'HALTED');
    expect(books.runAll(asked, given, releaseHold('h2', 'alice'))).toEqual([
      ...['accountUnavailable', 'accountUnavailable', 'applied'],
    ]);
    books.setState('alice', 'ACTIVE');
    expect(books.runAll(asked, asked, given)).toEqual(['applied', 'applied again', 'holdVoid']);
    expect(books.balance('alice')).toBe('100 = 60 + 40');
  });

  it('grows once by what is free, and gives a part back, once', () => {
    const books = funded();
    books.run(placeHold('h1', 'alice', '60'));
    const grow = resizeHold('growHold', 'c1', 'h1', 'alice', '40');
    expect(books.runAll(grow, grow)).toEqual(['applied', 'applied again']);
    expect(books.balance('alice')).toBe('100 = 100 + 0');
    const shrink = resizeHold('shrinkHold', 'c1', 'h1', 'alice', '30.5');
    expect(books.runAll(shrink, shrink)).toEqual(['applied', 'applied again']);
    expect(books.balance('alice')).toBe('100 = 69.5 + 30.5');
    expect(books.hold('h1')).toBe('PLACED 100 0 30.5');
  });

  it('grows by no more than is free, and stays refused under its id', () => {
    const books = funded();
    books.run(placeHold('h1', 'alice', '60'));
    const grow = resizeHold('growHold', 'c1', 'h1', 'alice', '40.00000001');
    const refused = { kind: 'insufficientFunds', free: money('40') };
    expect(books.run(grow)).toEqual({ kind: 'answered', outcome: refused, replayed: false });
    books.run(deposit('d2', 'alice', '100'));
    expect(books.run(grow)).toEqual({ kind: 'answered', outcome: refused, replayed: true });
    expect(books.hold('h1')).toBe('PLACED 60 0 0');
  });

  it('does not come to life again by a change, whenever that comes', () => {
    const books = funded();
    books.runAll(placeHold('h1', 'alice', '60'), releaseHold('h1', 'alice'));
    expect(
      books.runAll(
        resizeHold('growHold', 'c1', 'h1', 'alice', '1'),
        resizeHold('shrinkHold', 'c2', 'h1', 'alice', '1'),
      ),
    ).toEqual(['holdVoid', 'applied']);
    expect(books.balance('alice')).toBe('100 = 0 + 100');
  });

  it('is a breach to shrink by more than it has, or to change what never was', () => {
    const books = funded();
    books.run(placeHold('h1', 'alice', '60'));
    const breach = (...args: Parameters<typeof resizeHold>) =>
      expect(() => books.run(resizeHold(...args)));
    breach('shrinkHold', 'c1', 'h1', 'alice', '60.00000001').toThrow('less than was to be settled');
    breach('growHold', 'c1', 'h2', 'alice', '1').toThrow('no hold h2');
    breach('growHold', 'c1', 'h1', 'bob', '1').toThrow('not of account bob');
    expect(books.balance('alice')).toBe('100 = 60 + 40');
  });

  it('is a breach with an unknown asset, with another content, or on another account', () => {
    const books = funded();
    books.run(placeHold('h1', 'alice', '1'));
    expect(() => books.run(placeHold('h2', 'alice', '1', 'XYZ'))).toThrow('no asset XYZ');
    expect(() => books.run(placeHold('h2', 'alice', '0'))).toThrow('not positive');
    expect(() => books.run(releaseHold('h1', 'bob'))).toThrow('not of account bob');
  });
});

describe('trade', () => {
  const held = () => {
    const books = new TestBooks();
    books.runAll(
      deposit('d1', 'alice', '1000'),
      deposit('d2', 'bob', '2', 'BTC'),
      placeHold('buy', 'alice', '202'),
      placeHold('sell', 'bob', '2', 'BTC'),
    );
    return books;
  };
  const buyer = side('alice', { hold: 'buy', fee: '0.9', release: '10.1' });
  const seller = side('bob', { hold: 'sell', fee: '0.45' });
  const half = settleTrade('t1', { quantity: '1', cost: '90', buyer, seller });

  it('settles both sides, pays the fees and frees at once what a better price saved', () => {
    const books = held();
    expect(books.runAll(half)).toEqual(['applied']);
    expect(books.balance('alice')).toBe('909.1 = 101 + 808.1');
    expect(books.balance('alice', 'BTC')).toBe('1 = 0 + 1');
    expect(books.balance('bob')).toBe('89.55 = 0 + 89.55');
    expect(books.balance('bob', 'BTC')).toBe('1 = 1 + 0');
    expect(books.balance('fees')).toBe('1.35 = 0 + 1.35');
    expect(books.hold('buy')).toBe('PLACED 202 90.9 10.1');
  });

  it('ends a hold that it uses up, and a later release finds nothing to give', () => {
    const books = held();
    books.runAll(half, { ...half, tradeId: 't2' as typeof half.tradeId });
    expect(books.hold('buy')).toBe('SETTLED 202 181.8 20.2');
    expect(books.hold('sell')).toBe('SETTLED 2 2 0');
    expect(books.runAll(releaseHold('buy', 'alice'))).toEqual(['applied']);
    expect(books.balance('alice')).toBe('818.2 = 0 + 818.2');
  });

  it('lets the house pay from what is free, and owe', () => {
    const books = held();
    const house = side('house');
    books.run(settleTrade('t1', { quantity: '1', cost: '90', buyer, seller: house }));
    expect(books.balance('house', 'BTC')).toBe('-1 = 0 + -1');
    expect(books.balance('house')).toBe('90 = 0 + 90');
  });

  it('tells each account once, with every balance that changed and its own order', () => {
    const books = held();
    const before = books.changes().events.length;
    books.run(half);
    const told = books.changes().events.slice(before);
    expect(
      told.map(({ accountId, cause, balances }) => [
        accountId,
        cause.orderId,
        balances.map(({ asset, total }) => `${asset} ${total}`),
      ]),
    ).toEqual([
      ['bob', 'sell', ['BTC 1.00000000', 'USDT 89.55000000']],
      ['alice', 'buy', ['BTC 1.00000000', 'USDT 909.10000000']],
      ['fees', null, ['USDT 1.35000000']],
    ]);
  });

  it.each([
    ['of more than the hold has', { ...half, cost: money('203') }],
    ['of another asset than the hold has', { ...half, seller: side('bob', { hold: 'buy' }) }],
    ['of a hold that never was', { ...half, seller: side('bob', { hold: 'other' }) }],
    ['of a release without a hold', { ...half, seller: side('house', { release: '1' }) }],
    ['of more than a client without a hold has', { ...half, seller: side('alice') }],
  ])('is a breach %s, and leaves nothing behind', (_name, trade) => {
    const books = held();
    const before = books.changes();
    expect(() => books.run(trade)).toThrow('Invariant');
    expect(books.changes()).toEqual(before);
  });

  it('is a breach on a hold that was released', () => {
    const books = held();
    books.run(releaseHold('buy', 'alice'));
    expect(() => books.run(half)).toThrow('is RELEASED');
  });
});
