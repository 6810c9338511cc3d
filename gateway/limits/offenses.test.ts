import { describe, expect, it } from 'vitest';
import { GROSS, Offenses } from './offenses.ts';

describe('offenses', () => {
  it('are tolerated up to thirty at once, and one is forgiven each half second', () => {
    let now = 1_000_000;
    const offenses = new Offenses({ now: () => now });
    for (let count = 0; count < 30; count += 1) offenses.note('a');
    expect(offenses.barredForMs('a')).toBe(0);
    offenses.note('a');
    expect(offenses.barredForMs('a')).toBe(500);
    expect(offenses.barredForMs('b')).toBe(0);
    now += 499;
    expect(offenses.barredForMs('a')).toBe(1);
    now += 1;
    expect(offenses.barredForMs('a')).toBe(0);
    offenses.note('a');
    expect(offenses.barredForMs('a')).toBe(500);
  });

  it('bar nobody for longer than five seconds, however many they are', () => {
    const offenses = new Offenses({ now: () => 0 }, 3);
    for (let count = 0; count < 10_000; count += 1) offenses.note('a');
    expect(offenses.barredForMs('a')).toBe(5000);
  });

  it('bar for no longer if the wall clock is set back', () => {
    let now = 10_000_000;
    const offenses = new Offenses({ now: () => now, steadyNow: () => 7 }, 3);
    for (let count = 0; count < 10; count += 1) offenses.note('a');
    expect(offenses.barredForMs('a')).toBe(3500);
    now -= 3_600_000;
    expect(offenses.barredForMs('a')).toBe(3500);
  });

  it('count as several if they are no slip', () => {
    const offenses = new Offenses({ now: () => 0 }, 10);
    offenses.note('a', GROSS);
    offenses.note('a', GROSS);
    expect(offenses.barredForMs('a')).toBe(0);
    offenses.note('a', GROSS);
    expect(offenses.barredForMs('a')).toBe(2500);
  });

  it('end connections only where nobody with a good credential was within the hour', () => {
    let now = 1_000_000;
    const offenses = new Offenses({ now: () => now }, 3);
    const offend = () => {
      for (let count = 0; count < 4; count += 1) offenses.note('a');
    };
    expect(offenses.isShunned('a')).toBe(false);
    offend();
    expect(offenses.isShunned('a')).toBe(true);
    offenses.vouch('a');
    expect(offenses.isShunned('a')).toBe(false);
    expect(offenses.barredForMs('a')).toBe(500);
    now += 3_599_999;
    offend();
    expect(offenses.isShunned('a')).toBe(false);
    now += 1;
    expect(offenses.isShunned('a')).toBe(true);
    now += 500;
    expect(offenses.isShunned('a')).toBe(false);
  });

  it('are kept of ten thousand addresses, the last ones', () => {
    const offenses = new Offenses({ now: () => 0 }, 0);
    for (let count = 0; count <= 10_000; count += 1) offenses.note(`${count}`);
    expect([0, 1, 10_000].map((name) => offenses.barredForMs(`${name}`))).toEqual([0, 500, 500]);
  });
});
