import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../domain/ports/outbox.ts';
import { UnsentEntries } from './unsent-entries.ts';

const entriesAt = (...positions: readonly number[]): OutboxEntry[] =>
  positions.map((position) => ({ position: BigInt(position) }) as OutboxEntry);
const positionsOf = (entries: readonly OutboxEntry[]) => entries.map(({ position }) => position);

describe('the outbox in memory', () => {
  it('has each entry once, whether the store showed it before or after its turn was stored', () => {
    const unsent = new UnsentEntries();
    unsent.add(entriesAt(4, 5));
    expect(positionsOf(unsent.read(entriesAt(3, 4), true))).toEqual([3n, 4n]);
    unsent.add(entriesAt(6));
    expect(positionsOf(unsent.take(10))).toEqual([5n, 6n]);
    expect(unsent.take(10)).toEqual([]);
  });

  it('does not keep what was read and sent before the store had no more', () => {
    const unsent = new UnsentEntries();
    unsent.read(entriesAt(1, 2), false);
    unsent.add(entriesAt(2));
    expect(unsent.isComplete).toBe(false);
    unsent.read([], true);
    expect([unsent.isComplete, unsent.take(10)]).toEqual([true, []]);
  });

  it('knows when all up to a position is taken', () => {
    const unsent = new UnsentEntries();
    unsent.add(entriesAt(4));
    const { newest } = unsent;
    unsent.read(entriesAt(2, 3), false);
    expect([newest, unsent.isTakenUpTo(newest)]).toEqual([4n, false]);
    unsent.read([], true);
    unsent.add(entriesAt(5));
    expect(unsent.isTakenUpTo(newest)).toBe(false);
    unsent.take(1);
    expect(unsent.isTakenUpTo(newest)).toBe(true);
  });

  it('knows it even while the store always has more than it keeps', () => {
    const unsent = new UnsentEntries();
    unsent.read([], true);
    unsent.add(entriesAt(...Array.from({ length: 10_001 }, (_none, index) => index + 1)));
    const { newest } = unsent;
    unsent.read(entriesAt(...Array.from({ length: 10_000 }, (_none, index) => index + 1)), false);
    unsent.add(entriesAt(10_002));
    expect([newest, unsent.isTakenUpTo(newest)]).toEqual([10_001n, false]);
    unsent.read(entriesAt(10_001, 10_002), false);
    expect([unsent.isComplete, unsent.isTakenUpTo(newest)]).toEqual([false, true]);
  });

  it('knows nothing of what others have stored before the store has no more', () => {
    const unsent = new UnsentEntries();
    unsent.add(entriesAt(1));
    unsent.forget();
    unsent.read(entriesAt(2, 3), false);
    expect([unsent.newest, unsent.isTakenUpTo(unsent.newest)]).toEqual([null, false]);
    unsent.read(entriesAt(4), true);
    expect(unsent.isTakenUpTo(unsent.newest)).toBe(true);
  });

  it('leaves to the store what is more than it keeps', () => {
    const unsent = new UnsentEntries();
    unsent.read([], true);
    unsent.add(entriesAt(...Array.from({ length: 10_001 }, (_none, index) => index + 1)));
    expect([unsent.isComplete, unsent.take(1)]).toEqual([false, []]);
  });
});
