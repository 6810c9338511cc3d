import { expect, it, vi } from 'vitest';
import { PlanningTime } from './planning-time.ts';

it('a principal can have documents planned for five seconds at once, and for a fifth of the time', () => {
  let now = 0;
  const time = new PlanningTime({ now: () => now });
  for (let count = 0; count < 100; count += 1) time.count('user:anna', 50);
  expect(time.waitMs('user:anna')).toBe(0);
  time.count('user:anna', 50);
  expect(time.waitMs('user:anna')).toBe(250);
  expect(time.waitMs('user:bert')).toBe(0);
  now += 250;
  expect(time.waitMs('user:anna')).toBe(0);
});

it('what is counted while another document is under way is not counted for that one too', () => {
  const time = new PlanningTime({ now: () => 0 });
  const counted = vi.spyOn(time, 'count');
  const busy = vi.spyOn(process, 'cpuUsage');
  const at = (ms: number) => busy.mockReturnValueOnce({ user: ms * 600, system: ms * 400 });
  at(10);
  const endOfFirst = time.begin('user:anna');
  at(11);
  const endOfSecond = time.begin('user:bert');
  at(31);
  endOfFirst();
  at(36);
  endOfSecond();
  at(40);
  at(47);
  expect(time.spend('user:carl', () => 'planned')).toBe('planned');
  busy.mockRestore();
  expect(counted.mock.calls.map(([user, ms]) => [user, Math.round(ms)])).toEqual([
    ['user:anna', 21],
    ['user:bert', 5],
    ['user:carl', 7],
  ]);
});
