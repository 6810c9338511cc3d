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

it('a start tries again if its database does not respond, and gives up after some tries', async () => {
  const slow = Object.assign(new Error('canceling statement due to statement timeout'), {
    code: '57014',
  });
  let failures = 2;
  let reads = 0;
  const read = () => {
    reads += 1;
    return reads > failures ? Promise.resolve(reads) : Promise.reject(slow);
  };
  expect(await readAtStart('order', read)).toBe(3);
  failures = 100;
  reads = 0;
  await expect(readAtStart('order', read)).rejects.toMatchObject({ cause: slow });
  expect(reads).toBe(3);
});
