import { expect, it } from 'vitest';
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
