import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { noFault } from '#shared/faults/fault-point.ts';
import { sharePostgres } from '#shared/store/postgres-adapter.ts';
import { PrismaClient } from '../__generated__/prisma/client.ts';
import { short } from '../domain/test-books.ts';
import { deposit, placeHold, releaseHold } from '../domain/test-commands.ts';
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
  return {
    ledger: new LedgerStore({
      ...{ client: counting, statements, bus },
      ...{ clock: systemClock, faults: noFault },
    }),
    readAgain: () => readAgain,
    close: async () => {
      await client.$disconnect();
      await shared.close();
    },
  };
}

it('goes on from memory for everyone else while a user repeats an id', async () => {
  for (const name of ['alice', 'mallory']) await books.addAccount(name);
  const { ledger, readAgain, close } = aLedger();
  const run = async (...commands: Parameters<typeof ledger.run>[1]) =>
    (await ledger.run('tester', commands)).map(short);
  await run(deposit('fund', 'alice', '100'), deposit('once', 'mallory', '1'));
  expect(await run(placeHold('before', 'alice', '10'))).toEqual(['applied']);
  expect(readAgain()).toBe(1);
  for (let repeated = 1; repeated <= 3; repeated += 1) {
    expect(await run(deposit('once', 'mallory', '1'))).toEqual(['applied again']);
    expect(await run(placeHold(`after-${repeated}`, 'alice', '10'))).toEqual(['applied']);
    expect(readAgain()).toBe(1 + repeated);
  }
  expect(await run(releaseHold('before', 'alice'))).toEqual(['applied']);
  expect(readAgain()).toBe(4);
  await close();
});
