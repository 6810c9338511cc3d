import { describe, expect, it } from 'vitest';
import { ByteCredit } from './byte-credit.ts';

const KILOBYTE = 1024;

function aCredit() {
  const pings: string[] = [];
  const credit = new ByteCredit((payload) => pings.push(payload));
  const write = (bytes: number) => {
    credit.use(bytes);
    credit.askWhereDue();
  };
  return { credit, pings, write };
}

describe('the byte credit', () => {
  it('asks at half, is used up at 256 KB, and is given back by the answer', () => {
    const { credit, pings, write } = aCredit();
    write(128 * KILOBYTE);
    expect(pings).toEqual([]);
    write(1);
    expect(pings).toEqual([`${128 * KILOBYTE + 1}`]);
    write(128 * KILOBYTE - 1);
    expect(credit.isUsedUp).toBe(false);
    write(1);
    expect(credit.isUsedUp).toBe(true);
    credit.answer(pings[0] ?? '');
    expect(credit.isUsedUp).toBe(false);
  });

  it('has one question at a time, and asks the next as soon as the last was answered', () => {
    const { credit, pings, write } = aCredit();
    for (let count = 0; count < 8; count += 1) write(64 * KILOBYTE);
    expect(pings).toHaveLength(1);
    credit.answer(pings[0] ?? '');
    expect(pings).toHaveLength(2);
    expect(pings[1]).toBe(`${8 * 64 * KILOBYTE}`);
  });

  it('believes no answer to a question it did not ask', () => {
    const { credit, write } = aCredit();
    write(300 * KILOBYTE);
    for (const payload of ['', '0', '999999999', 'x']) credit.answer(payload);
    expect(credit.isUsedUp).toBe(true);
  });

  it('asks now and then where something was written, and says who is late', () => {
    const { credit, pings, write } = aCredit();
    credit.sweep(0, false);
    expect(pings).toEqual([]);
    write(10);
    credit.sweep(1000, false);
    expect(pings).toEqual(['10']);
    credit.sweep(3000, false);
    expect(credit.isOverdue).toBe(false);
    credit.sweep(3001, false);
    expect(credit.isOverdue).toBe(true);
    credit.answer('10');
    expect(credit.isOverdue).toBe(false);
  });
});
