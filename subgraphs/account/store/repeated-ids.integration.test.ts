import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { sharePostgres } from '#shared/store/postgres-adapter.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';
import type { LedgerCommand } from '../domain/ledger-command.ts';
import { short } from '../domain/test-books.ts';
import { deposit, placeHold, releaseHold, withdraw } from '../domain/test-commands.ts';
import { LedgerStore } from './ledger-store.ts';
import { openTestStores, type TestStores } from './test-stores.ts';

let books: TestStores;
beforeAll(async () => {
  books = await openTestStores();
});
afterAll(() => books.close());

/** A ledger of its own, which counts the batches that it could not calculate from memory. */
function aLedger() {
  const options = { databaseUrl: books.databaseUrl, connections: 2 };
  const shared = sharePostgres({ ...options, onConnectionError: () => undefined });
  const client = new PrismaClient({ adapter: shared.adapter });
  let readAgain = 0;
  const counting = new Proxy(client, {
    get: (target, name) => {
      if (name === '$transaction') readAgain += 1;
      return Reflect.get(target, name, target) as unknown;
    },
  });
  const { statements } = shared;
  const { bus } = books;
  const ledger = new LedgerStore({
    ...{ client: counting, statements, bus },
    ...{ clock: systemClock, faults: noFault },
  });
  return {
    ledger,
    run: async (...commands: readonly LedgerCommand[]) =>
      (await ledger.run('tester', commands)).map(short),
    readAgain: () => readAgain,
    close: async () => {
      await client.$disconnect();
      await shared.close();
    },
  };
}

it('goes on from memory for everyone while a user repeats an id, or tries a movement out', async () => {
  for (const name of ['alice', 'mallory']) await books.addAccount(name);
  const { ledger, run, readAgain, close } = aLedger();
  const once = deposit('once', 'mallory', '1');
  await run(deposit('fund', 'alice', '100'), once);
  expect(await run(placeHold('before', 'alice', '10'))).toEqual(['applied']);
  for (const attempt of ['1', '2', '3']) {
    const [repeated, held, changed, tried] = await Promise.all([
      ...[run(once), run(placeHold(`with-${attempt}`, 'alice', '1'))],
      run(deposit('once', 'mallory', '2')),
      ledger.tryOut('tester', withdraw(`out-${attempt}`, 'mallory', '1')),
    ]);
    expect([repeated, held, changed]).toEqual([['applied again'], ['applied'], ['conflict']]);
    expect(tried).toEqual({ kind: 'applicable' });
    expect(await run(once)).toEqual(['applied again']);
    expect(await ledger.tryOut('tester', withdraw('more', 'mallory', '1'))).toEqual(tried);
    expect(await run(placeHold(`after-${attempt}`, 'alice', '1'))).toEqual(['applied']);
  }
  expect(await run(releaseHold('before', 'alice'))).toEqual(['applied']);
  // Only the first batch had to read the accounts.
  expect(readAgain()).toBe(1);
  expect(await books.sql(`SELECT id FROM transfers WHERE type = 'WITHDRAWAL'`)).toEqual([]);
  await close();
});

it('goes on from memory while orders of a frozen account ask for holds and release them', async () => {
  await books.addAccount('frozen');
  const { run, readAgain, close } = aLedger();
  await run(deposit('start', 'frozen', '100'));
  expect(await books.run(placeHold('earlier', 'frozen', '10'))).toEqual(['applied']);
  await books.sql(`UPDATE accounts SET trading_state = 'HALTED' WHERE id = 'frozen'`);
  expect(await run(placeHold('late', 'frozen', '10'))).toEqual(['accountUnavailable']);
  expect(readAgain()).toBe(2);
  for (const id of ['a', 'b', 'c']) {
    expect(await run(placeHold(id, 'frozen', '10'))).toEqual(['accountUnavailable']);
    expect(await run(releaseHold(id, 'frozen'))).toEqual(['applied']);
    expect(await run(placeHold(id, 'frozen', '10'))).toEqual(['accountUnavailable']);
  }
  // It was placed by another process, and is not in memory.
  expect(await run(placeHold('earlier', 'frozen', '10'))).toEqual(['applied again']);
  expect(readAgain()).toBe(2);
  expect(await run(releaseHold('earlier', 'frozen'))).toEqual(['applied']);
  expect(readAgain()).toBe(3);
  await books.sql(`UPDATE accounts SET trading_state = 'ACTIVE' WHERE id = 'frozen'`);
  expect(await run(placeHold('a', 'frozen', '10'))).toEqual(['holdVoid']);
  expect(await run(placeHold('late', 'frozen', '100'))).toEqual(['applied']);
  await close();
});

it('answers a repeated hold that it has not in memory as before, however little is free by now', async () => {
  await books.addAccount('poor');
  await books.run(deposit('all', 'poor', '100'));
  // By a process that ended before its answer arrived.
  expect(await books.run(placeHold('lost', 'poor', '100'))).toEqual(['applied']);
  const { run, readAgain, close } = aLedger();
  const more = deposit('more', 'poor', '5');
  const refused = placeHold('refused', 'poor', '10');
  expect(await run(more, refused)).toEqual(['applied', 'insufficientFunds']);
  expect(await run(placeHold('lost', 'poor', '100'))).toEqual(['applied again']);
  const others = [more, refused, placeHold('next', 'poor', '5')];
  expect(await run(placeHold('lost', 'poor', '100'), ...others)).toEqual([
    ...['applied again', 'applied again', 'insufficientFunds', 'applied'],
  ]);
  expect(readAgain()).toBe(1);
  await close();
});
