import { describe, expect, it } from 'vitest';
import { GroupCall } from './group-call.ts';

/** A call whose end the test decides. */
function heldCalls() {
  const groups: (readonly number[])[] = [];
  const ends: { resolve: () => void; reject: (cause: unknown) => void }[] = [];
  const calls = new GroupCall<number, number>((requests) => {
    groups.push(requests);
    return new Promise((resolve, reject) =>
      ends.push({ resolve: () => resolve(requests.map((n) => n * 10)), reject }),
    );
  }, 3);
  const started = async (count: number) => {
    while (ends.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { calls, groups, ends, started };
}

describe('GroupCall', () => {
  it('sends those who came during a call together as the next one', async () => {
    const { calls, groups, ends, started } = heldCalls();
    const first = calls.call(1);
    await started(1);
    const later = Promise.all([calls.call(2), calls.call(3)]);
    ends[0]?.resolve();
    await started(2);
    ends[1]?.resolve();
    expect(await first).toBe(10);
    expect(await later).toEqual([20, 30]);
    expect(groups).toEqual([[1], [2, 3]]);
  });

  it('sends no more than the limit at once and leaves nobody out', async () => {
    const { calls, groups, ends, started } = heldCalls();
    const all = Promise.all([1, 2, 3, 4].map((n) => calls.call(n)));
    await started(1);
    ends[0]?.resolve();
    await started(2);
    ends[1]?.resolve();
    expect(await all).toEqual([10, 20, 30, 40]);
    expect(groups).toEqual([[1, 2, 3], [4]]);
  });

  it('fails the callers of a failed call and goes on with the next', async () => {
    const { calls, ends, started } = heldCalls();
    const failed = calls.call(1);
    await started(1);
    const next = calls.call(2);
    ends[0]?.reject(new Error('gone'));
    await expect(failed).rejects.toThrow('gone');
    await started(2);
    ends[1]?.resolve();
    expect(await next).toBe(20);
    await calls.idle();
  });
});
