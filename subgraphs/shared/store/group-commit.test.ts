import { describe, expect, it } from 'vitest';
import { GroupCommit, type WorkResult } from './group-commit.ts';

/** Commits that end only when the test says so. */
function heldCommits(limit = 100, gather?: () => Promise<unknown>) {
  const batches: (readonly string[])[] = [];
  const releases: (() => void)[] = [];
  const group = new GroupCommit<string, string>({
    limit,
    weigh: () => 1,
    ...(gather && { gather }),
    mayIsolate: (cause) => String(cause).includes('broke'),
    commit: async (batch) => {
      batches.push(batch);
      await new Promise<void>((resolve) => releases.push(resolve));
      if (batch.includes('breaks the transaction')) throw new Error('it broke');
      if (batch.includes('finds nobody')) throw new Error('the database is away');
      return batch.map((work): WorkResult<string> =>
        work === 'fails'
          ? { kind: 'failed', cause: new Error('it failed') }
          : { kind: 'done', result: `${work}!` },
      );
    },
  });
  const release = async () => {
    while (releases.length === 0) await new Promise((resolve) => setImmediate(resolve));
    releases.shift()?.();
  };
  return { batches, group, release };
}

describe('group commit', () => {
  it('starts a lone piece of work at once', async () => {
    const { batches, group, release } = heldCommits();
    const answer = group.submit('a');
    expect(batches).toEqual([['a']]);
    await release();
    expect(await answer).toBe('a!');
  });

  it('puts all that arrive during a commit into the next one, in order', async () => {
    const { batches, group, release } = heldCommits();
    const answers = ['a', 'b', 'c'].map((work) => group.submit(work));
    await release();
    await release();
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!']);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('gathers what comes together into the first one, where it may wait for it', async () => {
    const { batches, group, release } = heldCommits(
      100,
      () => new Promise((resolve) => setImmediate(resolve)),
    );
    const answers = ['a', 'b'].map((work) => group.submit(work));
    await release();
    expect(await Promise.all(answers)).toEqual(['a!', 'b!']);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('keeps a batch within its limit', async () => {
    const { batches, group, release } = heldCommits(2);
    const answers = ['a', 'b', 'c', 'd'].map((work) => group.submit(work));
    for (let n = 0; n < 3; n += 1) await release();
    await Promise.all(answers);
    expect(batches).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('fails the one that fails, and none of the others', async () => {
    const { group, release } = heldCommits();
    const answers = Promise.allSettled(['a', 'fails', 'b'].map((work) => group.submit(work)));
    await release();
    await release();
    expect((await answers).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('runs each alone when the whole batch breaks', async () => {
    const { batches, group, release } = heldCommits();
    const works = ['a', 'b', 'breaks the transaction', 'c'];
    const answers = Promise.allSettled(works.map((work) => group.submit(work)));
    for (let n = 0; n < 5; n += 1) await release();
    expect((await answers).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(batches.slice(2)).toEqual([['b'], ['breaks the transaction'], ['c']]);
    await group.idle();
  });

  it('fails the whole batch at once when the database is away', async () => {
    const { batches, group, release } = heldCommits();
    const answers = Promise.allSettled(['a', 'b', 'finds nobody'].map((w) => group.submit(w)));
    await release();
    await release();
    expect((await answers).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(batches).toHaveLength(2);
  });
});
