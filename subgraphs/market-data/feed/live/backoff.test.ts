import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.ts';
import { Backoff } from './backoff.ts';
import { RebuildSchedule } from './rebuild-schedule.ts';

describe('the backoff', () => {
  it('doubles its limit up to the last one, and begins again after a good attempt', () => {
    const backoff = new Backoff({ baseMs: 100, maxMs: 1000, random: () => 1 });
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.nextMs())).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });

  it('spreads the waiting over the whole time below the limit', () => {
    const random = seededRandom(1);
    const waits = Array.from({ length: 200 }, () =>
      new Backoff({ baseMs: 1000, maxMs: 1000, random }).nextMs(),
    );
    expect(Math.min(...waits)).toBeLessThan(100);
    expect(Math.max(...waits)).toBeGreaterThan(900);
  });
});

describe('the rebuild schedule', () => {
  const schedule = () => new RebuildSchedule({ baseMs: 100, maxMs: 300 });

  it('asks at once, and then ever more seldom', () => {
    const own = schedule();
    const asked = Array.from({ length: 1001 }, (_, ms) => ms).filter(
      (ms) => own.due(['A'], ms).length > 0,
    );
    expect(asked).toEqual([0, 100, 300, 600, 900]);
  });

  it('does not hurry for a book that is lost again and again', () => {
    const own = schedule();
    expect(own.due(['A', 'B'], 0)).toEqual(['A', 'B']);
    expect(own.due([], 10)).toEqual([]);
    expect(own.due(['A'], 20)).toEqual([]);
    expect(own.due(['A'], 100)).toEqual(['A']);
  });

  it('asks at once again when a book was whole for long', () => {
    const own = schedule();
    own.due(['A'], 0);
    own.due([], 1101);
    expect(own.due(['A'], 1102)).toEqual(['A']);
    expect(own.due(['A'], 1202)).toEqual(['A']);
  });
});
