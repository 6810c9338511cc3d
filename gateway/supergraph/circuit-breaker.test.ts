import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

function watchedBreaker() {
  const changes: boolean[] = [];
  const clock = { nowMs: 0 };
  const breaker = new CircuitBreaker(
    (isOpen) => changes.push(isOpen),
    () => clock.nowMs,
  );
  const fail = (times: number) => {
    for (let done = 0; done < times; done += 1) breaker.admit()?.failed();
  };
  return { breaker, changes, clock, fail };
}

describe('a circuit breaker', () => {
  it('opens after five failures in a row, and not when an answer came between', () => {
    const { breaker, changes, fail } = watchedBreaker();
    fail(4);
    breaker.admit()?.answered();
    fail(4);
    breaker.admit()?.undecided();
    expect(changes).toEqual([]);
    fail(1);
    expect(changes).toEqual([true]);
    expect(breaker.admit()).toBeNull();
  });

  it('stays closed for calls that failed while others were answered', () => {
    const { breaker, changes, fail } = watchedBreaker();
    const waiting = Array.from({ length: 100 }, () => breaker.admit());
    breaker.admit()?.answered();
    for (const each of waiting) each?.failed();
    expect(changes).toEqual([]);
    fail(5);
    expect(changes).toEqual([true]);
  });

  it('lets one call at a time through after a while, until one is answered', () => {
    const { breaker, changes, clock, fail } = watchedBreaker();
    fail(5);
    clock.nowMs += 999;
    expect(breaker.admit()).toBeNull();
    clock.nowMs += 1;
    const first = breaker.admit();
    expect(breaker.admit()).toBeNull();
    first?.undecided();
    expect(breaker.admit()).toBeNull();
    clock.nowMs += 1000;
    breaker.admit()?.answered();
    expect(breaker.admit()).not.toBeNull();
    expect(changes).toEqual([true, false]);
  });

  it('takes the late failure of an older call for no answer to its probe', () => {
    const { breaker, clock, fail } = watchedBreaker();
    const older = breaker.admit();
    fail(5);
    clock.nowMs += 1000;
    const probe = breaker.admit();
    older?.failed();
    probe?.answered();
    expect(breaker.admit()).not.toBeNull();
  });

  it('closes when an older call is answered after all', () => {
    const { breaker, changes, fail } = watchedBreaker();
    const older = breaker.admit();
    fail(5);
    older?.answered();
    expect(changes).toEqual([true, false]);
  });
});
