import { describe, expect, it } from 'vitest';
import { FailureLock } from './failure-lock.ts';

function lockAt(clock = { atMs: 0 }) {
  return { clock, lock: new FailureLock({ now: () => clock.atMs }) };
}

describe('failure lock', () => {
  it('locks a name, and no other, for five minutes after five tries', () => {
    const { clock, lock } = lockAt();
    const tries = Array.from({ length: 7 }, () => lock.admit('a'));
    expect(tries).toEqual([true, true, true, true, true, false, false]);
    expect(lock.admit('b')).toBe(true);
    clock.atMs = 5 * 60_000 - 1;
    expect(lock.admit('a')).toBe(false);
    clock.atMs += 1;
    expect(lock.admit('a')).toBe(true);
  });

  it('locks nobody for longer where the clock was set back', () => {
    const { clock, lock } = lockAt({ atMs: 3_600_000 });
    for (let n = 0; n < 5; n += 1) lock.admit('a');
    clock.atMs = 0;
    const tries = Array.from({ length: 6 }, () => lock.admit('a'));
    expect(tries).toEqual([true, true, true, true, true, false]);
  });

  it('locks for twice as long each time where guesses go on, up to a limit, and forgets a quiet name', () => {
    const minute = 60_000;
    const clock = { atMs: 0 };
    const limits = { longestLockMs: 20 * minute, forgottenMs: 600 * minute };
    const lock = new FailureLock({ now: () => clock.atMs }, limits);
    const fail = () => {
      for (let n = 0; n < 5; n += 1) expect(lock.admit('a')).toBe(true);
      expect(lock.admit('a')).toBe(false);
    };
    for (const minutes of [5, 10, 20, 20]) {
      fail();
      clock.atMs += minutes * minute - 1;
      expect(lock.admit('a')).toBe(false);
      clock.atMs += 1;
    }
    // Guesses with pauses are as many.
    expect(lock.admit('a')).toBe(true);
    clock.atMs += 500 * minute;
    for (let n = 0; n < 4; n += 1) expect(lock.admit('a')).toBe(true);
    expect(lock.admit('a')).toBe(false);
    clock.atMs += 600 * minute;
    fail();
    clock.atMs += 5 * minute;
    expect(lock.admit('a')).toBe(true);
  });

  it('is not pushed out by names whose tries came to no verdict', () => {
    const { lock } = lockAt();
    for (let n = 0; n < 5; n += 1) lock.admit('a');
    for (let n = 0; n < 20_000; n += 1) {
      lock.admit(`invented ${n}`);
      lock.takeBack(`invented ${n}`);
    }
    expect(lock.admit('a')).toBe(false);
  });

  it('begins again after a success, and does not count a try without a verdict', () => {
    const { lock } = lockAt();
    for (let n = 0; n < 20; n += 1) {
      expect(lock.admit('a')).toBe(true);
      if (n % 2 === 0) lock.takeBack('a');
      else lock.clear('a');
    }
  });
});
