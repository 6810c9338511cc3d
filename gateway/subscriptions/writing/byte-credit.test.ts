import { describe, expect, it } from 'vitest';
import { ByteCredit } from './byte-credit.ts';

const KILOBYTE = 1024;

function aCredit() {
  const credit = new ByteCredit();
  /** @returns the ping that goes with it */
  const write = (bytes: number) => {
    credit.use(bytes);
    return credit.question();
  };
  return { credit, write };
}

describe('the byte credit', () => {
  it('asks at half, is used up at 256 KB, and is given back by the answer', () => {
    const { credit, write } = aCredit();
    expect(write(128 * KILOBYTE)).toBeNull();
    const ping = write(1);
    expect(ping).toBe(`${128 * KILOBYTE + 1}`);
    expect(write(128 * KILOBYTE - 1)).toBeNull();
    expect(credit.isUsedUp).toBe(false);
    expect(write(1)).toBeNull();
    expect(credit.isUsedUp).toBe(true);
    credit.answer(ping ?? '');
    expect(credit.isUsedUp).toBe(false);
  });

  it('has one question at a time, and the next as soon as the last was answered', () => {
    const { credit, write } = aCredit();
    const pings = Array.from({ length: 8 }, () => write(64 * KILOBYTE));
    expect(pings.filter((ping) => ping !== null)).toEqual([`${3 * 64 * KILOBYTE}`]);
    credit.answer(`${3 * 64 * KILOBYTE}`);
    expect(credit.question()).toBe(`${8 * 64 * KILOBYTE}`);
  });

  it('believes no answer to a question it did not ask', () => {
    const { credit, write } = aCredit();
    write(300 * KILOBYTE);
    for (const payload of ['', '0', '999999999', 'x']) expect(credit.answer(payload)).toBe(false);
    expect(credit.isUsedUp).toBe(true);
  });

  it('asks behind the next data after a sweep, and by itself when none has come until the next', () => {
    const { credit, write } = aCredit();
    expect(credit.sweep(0, false)).toBe(false);
    expect(write(10)).toBeNull();
    expect(credit.sweep(1000, false)).toBe(false);
    expect(write(10)).toBe('20');
    credit.answer('20');
    expect(write(10)).toBeNull();
    expect(credit.sweep(2000, false)).toBe(false);
    expect(credit.sweep(3000, false)).toBe(true);
    expect(credit.question()).toBe('30');
  });

  it('asks at once where a sign of life is due', () => {
    const { credit } = aCredit();
    expect(credit.sweep(20_000, true)).toBe(true);
    expect(credit.question()).toBe('0');
  });

  it('says who is late', () => {
    const { credit, write } = aCredit();
    const askedAtMs = performance.now();
    const ping = write(200 * KILOBYTE);
    credit.sweep(askedAtMs + 1900, false);
    expect(credit.isOverdue).toBe(false);
    credit.sweep(askedAtMs + 10_000, false);
    expect(credit.isOverdue).toBe(true);
    credit.answer(ping ?? '');
    expect(credit.isOverdue).toBe(false);
  });
});
