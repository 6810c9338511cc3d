import { describe, expect, it, vi } from 'vitest';
import { ReadTurns, TurnMissedError } from './read-turns.ts';

describe('costly reads', () => {
  it('are begun while what is read at a time is not too much, and a single one of any cost', async () => {
    const { read, begun, end } = played();
    for (const name of ['a', 'b', 'c']) void read(name, 'anna', 4000);
    void read('huge', 'anna', 50_000);
    void read('last', 'anna', 4000);
    expect(begun).toEqual(['a', 'b']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('b');
    await end('c');
    expect(begun.slice(3)).toEqual(['huge']);
    await end('huge');
    expect(begun.slice(4)).toEqual(['last']);
  });

  it('let those pass that cost next to nothing', () => {
    const { read, begun } = played();
    void read('huge', 'anna', 50_000);
    void read('cheap', 'anna', 100);
    expect(begun).toEqual(['huge', 'cheap']);
  });

  it('of one principal hold up nobody else', () => {
    const { read, begun } = played();
    for (const name of ['a1', 'a2']) void read(name, 'anna', 50_000);
    void read('b', 'bert', 50_000);
    expect(begun).toEqual(['a1', 'b']);
  });

  it('whose turn does not come in time are not begun, and hold up nothing', async () => {
    const { read, begun, end } = played();
    void read('a', 'anna', 9000);
    const late = read('late', 'anna', 9000, performance.now());
    void read('small', 'anna', 900);
    expect(begun).toEqual(['a']);
    expect(await late).toBeInstanceOf(TurnMissedError);
    expect(begun).toEqual(['a', 'small']);
    await end('a');
    await end('small');
    void read('b', 'anna', 9000);
    expect(begun.slice(2)).toEqual(['b']);
  });

  it.each([
    ['is too much if answers come', true],
    ['has no answer if none comes for a second', false],
  ])('that wait in vain know whether what was asked for %s', async (_what, isAnswered) => {
    vi.useFakeTimers();
    try {
      const { read, finish } = played();
      const endsAtMs = performance.now() + 2000;
      for (const name of ['a', 'b']) void read(name, 'anna', 9000);
      const late = ['c', 'd'].map((name) => read(name, 'anna', 9000, endsAtMs));
      await vi.advanceTimersByTimeAsync(1500);
      finish('a', isAnswered ? undefined : new Error('no answer'));
      await vi.advanceTimersByTimeAsync(500);
      for (const missed of await Promise.all(late))
        expect(missed).toMatchObject({ name: 'TurnMissedError', isTooMuch: isAnswered });
    } finally {
      vi.useRealTimers();
    }
  });

  it('that fail make room as well', async () => {
    const { read, begun, end } = played();
    void read('a', 'anna', 9000);
    void read('b', 'anna', 9000);
    await end('a', new Error('no answer'));
    expect(begun).toEqual(['a', 'b']);
  });
});

/** Reads that end on command. */
function played() {
  const turns = new ReadTurns();
  const begun: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const read = (
    name: string,
    principal: string,
    cost: number,
    endsAtMs = performance.now() + 60_000,
  ) => {
    const work = () =>
      new Promise<void>((resolve, reject) => {
        begun.push(name);
        ends.set(name, (failure) => (failure === undefined ? resolve() : reject(failure)));
      });
    return turns.run({ principal, cost, endsAtMs }, work).catch((cause: unknown) => cause);
  };
  const finish = (name: string, failure?: Error) => ends.get(name)?.(failure);
  const end = async (name: string, failure?: Error) => {
    finish(name, failure);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { read, begun, finish, end };
}
