import { expect, it } from 'vitest';
import { ageOf } from './age.ts';

it.each([
  ['now', 1000, 1000, 0],
  ['two seconds and a half of a millisecond ago', 1000, 3000.5, 2000],
  ['before a clock was set back by an hour', 3_600_000, 0, 3_600_000],
  ['by a clock that is a little ahead', 1003, 1000, 3],
])('an age of something that happened %s is never too young', (_when, atMs, nowMs, age) => {
  expect(ageOf(atMs, nowMs)).toBe(age);
});
