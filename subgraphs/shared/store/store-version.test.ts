import { expect, it } from 'vitest';
import { migrationNames, requireVersion, versionProblem } from './store-version.ts';

const of = (store: string, ...names: readonly string[]) => new Map([[store, names]]);

it('a database with the migrations of this version, in any order, is right', () => {
  expect(versionProblem('order', of('order', '1_a', '2_b'), ['2_b', '1_a'])).toBeNull();
});

it('a database that lacks migrations is to be migrated', () => {
  expect(versionProblem('order', of('order', '1_a', '2_b', '3_c'), ['1_a'])).toEqual({
    isOlder: true,
    text: 'The order database lacks migrations, from 2_b on: stop its servers and run npm run migrate -- order.',
  });
});

it('a database with migrations that this version does not know is for a newer one', () => {
  expect(versionProblem('account', of('account', '1_a', '2_b'), ['1_a', '3_c', '2_x'])).toEqual({
    isOlder: false,
    text: 'The account database was migrated by a newer version (3_c): start that version, or restore a backup of before.',
  });
});

it('a database with the migrations of another store is that of another store', () => {
  const migrations = new Map([...of('account', '1_a', '2_b'), ...of('order', '1_a', '3_c')]);
  expect(versionProblem('account', migrations, ['1_a', '3_c'])).toEqual({
    isOlder: false,
    text: 'The account database is that of order: correct its address.',
  });
});

it.each(['account', 'market-data', 'order'])(
  'the check knows the migrations of %s',
  async (store) => {
    const names = await migrationNames(store);
    expect(names[0]).toMatch(/_initial$/);
    const having = (applied: readonly string[]) => ({
      $queryRaw: () => Promise.resolve(applied.map((name) => ({ name }))),
    });
    await requireVersion(store, having(names));
    await expect(requireVersion(store, having(names.slice(0, -1)))).rejects.toThrow(
      `lacks migrations, from ${names.at(-1)} on`,
    );
  },
);

it('migrations that are not installed are an error, and not a database of another version', async () => {
  await expect(migrationNames('nowhere')).rejects.toThrow('ENOENT');
});
