import { describe, expect, it } from 'vitest';
import { LazyLoader } from './lazy-loader.ts';

describe('a lazy loader', () => {
  it('reads what one round asks for together, and nothing that it was told before', async () => {
    const asked: (readonly number[])[] = [];
    const loader = new LazyLoader<number, string>((keys) => {
      asked.push(keys);
      return Promise.resolve(keys.map((key) => `read ${key}`));
    });
    loader.prime(1, 'known');
    const values = await Promise.all([1, 2, 3].map((key) => loader.load(key)));
    expect(values).toEqual(['known', 'read 2', 'read 3']);
    expect(asked).toEqual([[2, 3]]);
    loader.clearAll();
    expect(await loader.load(1)).toBe('read 1');
  });

  it('is no DataLoader before its first key', () => {
    // DataLoader refuses such a size where it is made.
    const loader = new LazyLoader<number, number>(() => Promise.resolve([]), { maxBatchSize: 0 });
    expect(() => loader.load(1)).toThrow('maxBatchSize');
  });
});
