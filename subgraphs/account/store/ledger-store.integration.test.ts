import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BusSignal } from '#shared/events/event-bus.ts';
import type { StreamAdvance } from '#shared/events/topics.ts';
import type { LedgerCommand } from '../domain/ledger-command.ts';
import { short } from '../domain/test-books.ts';
import {
  deposit,
  placeHold,
  releaseHold,
  resizeHold,
  settleTrade,
  side,
  transfer,
  withdraw,
} from '../domain/test-commands.ts';
import { ledgerFaults, NO_FAULTS, openTestStores, type TestStores } from './test-stores.ts';

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
});
afterAll(() => books.close());
/** The whole ledger must be sound after every test. */
afterEach(async () => {
  expect(await ledgerFaults(books)).toEqual(NO_FAULTS);
});

let accounts = 0;
/** Opens a new account with this much money. */
async function funded(amount: string, code = 'USDT'): Promise<string> {
  const name = `acc-${(accounts += 1)}`;
  await books.addAccount(name);
  await books.run(deposit(`fund-${name}`, name, amount, code));
  return name;
}

async function balance(name: string, code = 'USDT'): Promise<string> {
  const [row] = await books.sql<{ total: string; locked: string; free: string }>(
    `SELECT trim_scale(total) total, trim_scale(locked) locked, trim_scale(free) free
     FROM balances WHERE account_id = $1 AND asset_code = $2`,
    [name, code],
  );
  return row === undefined ? 'none' : `${row.total} = ${row.locked} + ${row.free}`;
}

describe('ledger store', () => {
  it('takes a hold from place to release, and a trade through both sides', async () => {
    const [alice, bob] = [await funded('1000'), await funded('2', 'BTC')];
    const trade = settleTrade('trade-1', {
      quantity: '2',
      cost: '180',
      buyer: side(alice, { hold: 'buy-1', fee: '0.18', release: '1.82' }),
      seller: side(bob, { hold: 'sell-1', fee: '0.36' }),
    });
    expect(
      await books.run(placeHold('buy-1', alice, '200'), placeHold('sell-1', bob, '2', 'BTC')),
    ).toEqual(['applied', 'applied']);
    expect(await balance(alice)).toBe('1000 = 200 + 800');
    expect(await books.run(trade, releaseHold('buy-1', alice))).toEqual(['applied', 'applied']);
    expect(await balance(alice)).toBe('819.82 = 0 + 819.82');
    expect(await balance(alice, 'BTC')).toBe('2 = 0 + 2');
    expect(await balance(bob)).toBe('179.64 = 0 + 179.64');
    expect(
      await books.sql(`SELECT id, status FROM holds WHERE id IN ('buy-1', 'sell-1') ORDER BY 1`),
    ).toEqual([
      { id: 'buy-1', status: 'RELEASED' },
      { id: 'sell-1', status: 'SETTLED' },
    ]);
  });

  it('applies each increase and decrease of a hold once', async () => {
    const alice = await funded('1000');
    const grow = resizeHold('growHold', 'grow-1', 'resized', alice, '300');
    const shrink = resizeHold('shrinkHold', 'shrink-1', 'resized', alice, '50');
    expect(await books.run(placeHold('resized', alice, '200'), grow)).toEqual([
      'applied',
      'applied',
    ]);
    expect(await books.run(grow, shrink)).toEqual(['applied again', 'applied']);
    expect(await balance(alice)).toBe('1000 = 450 + 550');
    expect(await books.run(releaseHold('resized', alice))).toEqual(['applied']);
    expect(
      await books.sql(
        `SELECT trim_scale(placed)::text placed, trim_scale(released)::text released, status::text
         FROM holds WHERE id = 'resized'`,
      ),
    ).toEqual([{ placed: '500', released: '500', status: 'RELEASED' }]);
  });

  it('runs one of fifty identical calls at the same time, and answers all of them alike', async () => {
    const name = await funded('1');
    const twins = Array.from({ length: 50 }, () => books.run(deposit('twin', name, '7')));
    const answers = (await Promise.all(twins)).flat().sort();
    expect(answers).toEqual(['applied', ...Array.from({ length: 49 }, () => 'applied again')]);
    expect(await balance(name)).toBe('8 = 0 + 8');
  });

  it('runs one of many identical calls to two processes at the same time', async () => {
    const name = await funded('1');
    const other = books.open();
    const command = placeHold('twin-hold', name, '1');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? books.stores : other).ledger.run('tester', [command]),
      ),
    );
    await other.close();
    expect(
      answers
        .flat()
        .map(short)
        .filter((answer) => answer === 'applied'),
    ).toHaveLength(1);
    expect(await balance(name)).toBe('1 = 1 + 0');
  });

  it('conserves money while two processes move it back and forth at random', async () => {
    const names = await Promise.all(Array.from({ length: 4 }, () => funded('100')));
    const other = books.open();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => {
        const [from, to] = [names[n % 4] ?? '', names[(n * 7 + 1 + (n % 3)) % 4] ?? ''];
        const { ledger } = n % 2 === 0 ? books.stores : other;
        return ledger.run('tester', [transfer(`random-${n}`, from, to, `${(n % 60) + 1}`)]);
      }),
    );
    await other.close();
    const [row] = await books.sql<{ sum: string }>(
      'SELECT trim_scale(sum(total)) AS sum FROM balances WHERE account_id = ANY($1)',
      [names],
    );
    expect(row?.sum).toBe('400');
  });

  it('decides by the current state, whatever another process has changed', async () => {
    const name = await funded('10');
    expect(await books.run(placeHold('mine-1', name, '4'))).toEqual(['applied']);
    const other = books.open();
    const elsewhere = async (...commands: readonly LedgerCommand[]) =>
      (await other.ledger.run('tester', commands)).map(short);
    expect(await elsewhere(withdraw('theirs-1', name, '6'))).toEqual(['applied']);
    expect(await books.run(placeHold('mine-2', name, '5'))).toEqual(['insufficientFunds']);
    expect(await elsewhere(deposit('theirs-2', name, '5'))).toEqual(['applied']);
    expect(await books.run(placeHold('mine-3', name, '5'))).toEqual(['applied']);
    expect(await elsewhere(releaseHold('mine-3', name))).toEqual(['applied']);
    expect(await books.run(placeHold('mine-3', name, '5'))).toEqual(['applied again']);
    expect(await elsewhere(releaseHold('not-yet', name))).toEqual(['applied']);
    expect(await books.run(placeHold('not-yet', name, '1'))).toEqual(['holdVoid']);
    await books.sql(`UPDATE accounts SET trading_state = 'HALTED' WHERE id = $1`, [name]);
    expect(await books.run(placeHold('mine-4', name, '1'))).toEqual(['accountUnavailable']);
    await other.close();
    expect(await balance(name)).toBe('9 = 4 + 5');
  });

  it('forgets the holds of an account once it reads that the account has changed', async () => {
    const name = await funded('1000');
    const other = books.open();
    const elsewhere = async (...commands: LedgerCommand[]) =>
      (await other.ledger.run('tester', commands)).map(short);
    await books.run(placeHold('shrunk', name, '100'), placeHold('beside', name, '100'));
    const shrink = resizeHold('shrinkHold', 'shrink-shrunk', 'shrunk', name, '60');
    expect(await elsewhere(shrink, placeHold('theirs', name, '1'))).toEqual(['applied', 'applied']);
    await other.close();
    // This hold is not in memory, so the account is read for it, but not the account's other holds.
    expect(await books.run(releaseHold('theirs', name))).toEqual(['applied']);
    expect(await books.run(releaseHold('shrunk', name))).toEqual(['applied']);
    expect(await balance(name)).toBe('1000 = 100 + 900');
  });

  it('recognizes a command that it has applied, even while its hold is open', async () => {
    const [alice, bob] = [await funded('100'), await funded('2', 'BTC')];
    const holds = [placeHold('again-buy', alice, '20'), placeHold('again-sell', bob, '2', 'BTC')];
    await books.run(...holds);
    const trade = settleTrade('again-trade', {
      ...{ quantity: '1', cost: '10' },
      buyer: side(alice, { hold: 'again-buy' }),
      seller: side(bob, { hold: 'again-sell' }),
    });
    expect(await books.run(trade)).toEqual(['applied']);
    expect(await books.run(...holds, trade)).toEqual([
      'applied again',
      'applied again',
      'applied again',
    ]);
    expect(await balance(alice)).toBe('90 = 10 + 80');
  });

  it('keeps a refusal: the id stays refused after the funds have arrived', async () => {
    const name = await funded('1');
    expect(await books.run(withdraw('too-much', name, '2'))).toEqual(['INSUFFICIENT_FUNDS']);
    await books.run(deposit('more', name, '10'));
    expect(await books.run(withdraw('too-much', name, '2'))).toEqual(['INSUFFICIENT_FUNDS again']);
  });

  it('stores nothing for an unknown account', async () => {
    expect(await books.run(deposit('lost', 'nobody', '1'))).toEqual(['accountNotFound']);
    expect(await books.sql(`SELECT * FROM funds_commands WHERE id = 'lost'`)).toEqual([]);
  });

  it('fails a whole call for one breach in it, and no other call of the batch', async () => {
    const name = await funded('10');
    const breach = settleTrade('breach', {
      quantity: '1',
      cost: '1',
      buyer: side(name, { hold: 'no-such-hold' }),
      seller: side('house'),
    });
    const [before, broken, after] = await Promise.allSettled([
      books.run(deposit('beside-1', name, '1')),
      books.run(deposit('in-the-call', name, '1'), breach),
      books.run(deposit('beside-2', name, '1')),
    ]);
    expect(before).toMatchObject({ status: 'fulfilled', value: ['applied'] });
    expect(broken).toMatchObject({ status: 'rejected' });
    expect(after).toMatchObject({ status: 'fulfilled', value: ['applied'] });
    expect(await balance(name)).toBe('12 = 0 + 12');
  });

  it('fails only the call that the database refuses', async () => {
    const name = await funded('10');
    await books.sql(`ALTER TABLE transfers ADD CONSTRAINT fault CHECK (reference <> 'refuse-me')`);
    const results = await Promise.allSettled([
      books.run(deposit('first', name, '1')),
      books.run(deposit('good-1', name, '1')),
      books.run(deposit('refuse-me', name, '1')),
      books.run(deposit('good-2', name, '1')),
    ]);
    await books.sql('ALTER TABLE transfers DROP CONSTRAINT fault');
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await balance(name)).toBe('13 = 0 + 13');
  });

  it('puts calls that waited for a commit into one transaction', async () => {
    const name = await funded('1');
    const sequences = await Promise.all(
      Array.from({ length: 100 }, (_, n) => books.run(deposit(`many-${n}`, name, '1'))),
    );
    expect(sequences.flat()).toEqual(Array.from({ length: 100 }, () => 'applied'));
    const [row] = await books.sql<{ transactions: string }>(
      `SELECT count(DISTINCT xmin::text) AS transactions FROM transfers WHERE reference LIKE 'many-%'`,
    );
    expect(Number(row?.transactions)).toBeLessThan(10);
  });

  it('publishes each event after its commit, in order', async () => {
    const name = await funded('10');
    const signals = await books.bus.subscribe('balance.events');
    await books.run(placeHold('told', name, '4'), releaseHold('told', name));
    const told: BusSignal<StreamAdvance<unknown>>[] = [];
    for await (const signal of signals) if (told.push(signal) === 2) break;
    const stored = await books.sql(
      'SELECT event FROM balance_events WHERE account_id = $1 AND sequence > 1 ORDER BY sequence',
      [name],
    );
    expect(
      told.map((signal) => (signal.kind === 'message' ? { event: signal.message.event } : null)),
    ).toEqual(stored);
  });
});

describe('account database', () => {
  it.each([
    [
      'a total that is not locked + free',
      `UPDATE balances SET total = total + 1 WHERE account_id = 'demo'`,
    ],
    [
      'a negative locked',
      `UPDATE balances SET locked = -1, free = total + 1 WHERE account_id = 'demo'`,
    ],
    [
      'a client that owes',
      `UPDATE balances SET free = -1, total = locked - 1 WHERE account_id = 'demo'`,
    ],
    [
      'a client that may owe',
      `UPDATE balances SET overdraft_allowed = true WHERE account_id = 'demo'`,
    ],
    ['fees that may owe', `UPDATE accounts SET overdraft_allowed = true WHERE id = 'fees'`],
    [
      'a second entry of one sequence',
      `INSERT INTO ledger_entries SELECT * FROM ledger_entries WHERE account_id = 'demo' LIMIT 1`,
    ],
    [
      'a hold that gave more than it held',
      `INSERT INTO holds VALUES ('x', 'demo', 'x', 'BTC', 1, 1, 1, 'SETTLED', now())`,
    ],
    [
      'an ended hold that still holds',
      `INSERT INTO holds VALUES ('x', 'demo', 'x', 'BTC', 2, 1, 0, 'RELEASED', now())`,
    ],
  ])('refuses %s', async (_name, statement) => {
    await expect(books.sql(statement)).rejects.toThrow(/violates/);
  });
});
