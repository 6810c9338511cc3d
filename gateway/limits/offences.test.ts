import { describe, expect, it } from 'vitest';
import { GROSS, Offences } from './offences.ts';

describe('offences', () => {
  it('are borne up to thirty at once, and one is forgiven each half second', () => {
    let now = 1_000_000;
    const offences = new Offences({ now: () => now });
    for (let count = 0; count < 30; count += 1) offences.note('a');
    expect(offences.barredForMs('a')).toBe(0);
    offences.note('a');
    expect(offences.barredForMs('a')).toBe(500);
    expect(offences.barredForMs('b')).toBe(0);
    now += 499;
    expect(offences.barredForMs('a')).toBe(1);
    now += 1;
    expect(offences.barredForMs('a')).toBe(0);
    offences.note('a');
    expect(offences.barredForMs('a')).toBe(500);
  });

  it('bar nobody for longer than five seconds, however many they are', () => {
    const offences = new Offences({ now: () => 0 }, 3);
    for (let count = 0; count < 10_000; count += 1) offences.note('a');
    expect(offences.barredForMs('a')).toBe(5000);
  });

  it('count as several where they are no slip', () => {
    const offences = new Offences({ now: () => 0 }, 10);
    offences.note('a', GROSS);
    offences.note('a', GROSS);
    expect(offences.barredForMs('a')).toBe(0);
    offences.note('a', GROSS);
    expect(offences.barredForMs('a')).toBe(2500);
  });

  it('end connections only where nobody with a good credential was within the hour', () => {
    let now = 1_000_000;
    const offences = new Offences({ now: () => now }, 3);
    const offend = () => {
      for (let count = 0; count < 4; count += 1) offences.note('a');
    };
    expect(offences.isShunned('a')).toBe(false);
    offend();
    expect(offences.isShunned('a')).toBe(true);
    offences.vouch('a');
    expect(offences.isShunned('a')).toBe(false);
    expect(offences.barredForMs('a')).toBe(500);
    now += 3_599_999;
    offend();
    expect(offences.isShunned('a')).toBe(false);
    now += 1;
    expect(offences.isShunned('a')).toBe(true);
    now += 500;
    expect(offences.isShunned('a')).toBe(false);
  });

  it('are kept of ten thousand addresses, the last ones', () => {
    const offences = new Offences({ now: () => 0 }, 0);
    for (let count = 0; count <= 10_000; count += 1) offences.note(`${count}`);
    expect([0, 1, 10_000].map((name) => offences.barredForMs(`${name}`))).toEqual([0, 500, 500]);
  });
});
