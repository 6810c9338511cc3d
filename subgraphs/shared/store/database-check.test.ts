import { expect, it } from 'vitest';
import { isReachable, readAtStart } from './database-check.ts';
import { StoreVersionError } from './store-version.ts';

const failure = new Error(
  'Invalid `findMany()` invocation in\n→ 25 const rows = await\nAuthentication failed',
);

it('a database is reachable if it answers a statement, and can be written', async () => {
  expect(await isReachable({ $queryRaw: () => Promise.resolve([{}]) })).toBe(true);
  // It may still be read.
  expect(await isReachable({ $queryRaw: () => Promise.resolve([]) })).toBe(false);
  expect(await isReachable({ $queryRaw: () => Promise.reject(failure) })).toBe(false);
});

it('a start that cannot read its store says which one and what to look at, with the cause', async () => {
  expect(await readAtStart('order', () => Promise.resolve(1))).toBe(1);
  await expect(
    readAtStart('order', () => Promise.reject(new StoreVersionError('It is of yesterday.'))),
  ).rejects.toThrow(/^It is of yesterday\.$/);
  await expect(readAtStart('order', () => Promise.reject(failure))).rejects.toMatchObject({
    message:
      'The order database cannot be read: Authentication failed. Is it running and migrated?',
    cause: failure,
  });
});
