// What the cursor reads against the general way of reading the same text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrice } from '#shared/domain/price.ts';
import { parseQuantity } from '#shared/domain/quantity.ts';
import { LevelRows } from '../../domain/book/level-rows.ts';
import {
  priceScaleOf,
  priceZerosOf,
  quantityScaleOf,
  quantityZerosOf,
} from '../../domain/book/sent-form.ts';
import { FrameCursor } from './frame-cursor.ts';
import { FrameLiteral } from './frame-literal.ts';
import { FrameWords } from './frame-words.ts';
import { quotedPairs } from './levels-layout.ts';
import { isoMicrosecondsOf } from '../venue-time.ts';

const digits = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789', ...'00'), minLength: 1, maxLength });
const decimal = fc.oneof(
  fc.tuple(digits(10), digits(10)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(digits(22), digits(20)).map(([whole, fraction]) => `${whole}.${fraction}`),
  digits(22),
);
/** Decimals with something else in them, or nothing but that. */
const anything = fc.oneof(
  { weight: 4, arbitrary: decimal },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789.-+eE é'), maxLength: 12 }),
  },
);

const PAIRS = quotedPairs('');
const zone = new FrameLiteral('Z"');
const comma = new FrameLiteral(',');
const QUOTE = 0x22;
const NO_WORDS = new FrameWords(new Map<string, unknown>());

/** A list of one level, or null where it was not read. */
function readLevel(price: string, quantity: string): LevelRows | null {
  const cursor = new FrameCursor().begin(`[["${price}","${quantity}"]]`);
  const rows = cursor.levels(PAIRS);
  return cursor.isDone ? rows : null;
}

describe('the frame cursor', () => {
  it('reads amounts exactly, and with their form, or not at all', () => {
    let read = 0;
    fc.assert(
      fc.property(anything, anything, (priceText, quantityText) => {
        const rows = readLevel(priceText, quantityText);
        const [price, quantity] = [parsePrice(priceText), parseQuantity(quantityText)];
        // A signed zero is an amount, too, but no venue sends one: it is left to the general way.
        const isUsual = [priceText, quantityText].every((text) => /^[\d.]{1,15}$/.test(text));
        if (price !== null && quantity !== null && isUsual) expect(rows).not.toBeNull();
        if (rows === null) return;
        read += 1;
        expect(rows.at(0)).toEqual({ price, quantity });
        const form = rows.formAt(0);
        const scale = (text: string) =>
          text.includes('.') ? text.length - 1 - text.indexOf('.') : 0;
        expect(priceScaleOf(form) + priceZerosOf(form)).toBe(scale(priceText));
        expect(quantityScaleOf(form) + quantityZerosOf(form)).toBe(scale(quantityText));
      }),
      { numRuns: 3000, examples: [['0.8', '-0']] },
    );
    expect(read).toBeGreaterThan(300);
  });

  it.each([
    ['99999997.00000000', '1'],
    ['1', '123456789012.00000000'],
    ['0.00000001', '9007199254740991'],
  ])(
    'reads %s and %s, whose zeros are too many or whose digits are just few enough',
    (price, quantity) =>
      expect(readLevel(price, quantity)?.at(0)).toEqual({
        price: parsePrice(price),
        quantity: parseQuantity(quantity),
      }),
  );

  it.each([
    ['1234567890.123456', '1'],
    ['1', '9007199254740992'],
    ['1', '1234567890.12345678'],
    ['0.0000000000000000001', '1'],
    ['000000000000000000001', '1'],
    ['1', `${'0'.repeat(20)}1.5`],
    ['0.00', '1'],
    ['1.', '1'],
    ['.1', '1'],
    ['1.2.3', '1'],
    ['', '1'],
  ])('leaves %s and %s to the general way', (price, quantity) =>
    expect(readLevel(price, quantity)).toBeNull(),
  );

  it('reads times as the general way does, whether the second is the last one or another', () => {
    const cursor = new FrameCursor();
    const clocks = ['15:16:16', '15:16:59', '15:17:00', '15:16:60', '24:00:01', '25:00:00'];
    const time = fc.tuple(fc.constantFrom(...clocks), digits(8));
    fc.assert(
      fc.property(time, ([clock, fraction]) => {
        const text = `2026-08-26T${clock}.${fraction}Z`;
        const microseconds = cursor.begin(`${text}"`).isoMicroseconds(zone);
        const isRead = cursor.isDone;
        expect(isRead).toBe(fraction.length === 6 && clocks.indexOf(clock) < 3);
        if (isRead) expect(microseconds).toBe(isoMicrosecondsOf(text));
      }),
    );
  });

  it('finds a literal where it stands, up to the last character of a frame', () => {
    const piece = fc.string({ unit: fc.constantFrom(...'ab"'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(piece, piece, fc.boolean(), (before, sought, isThere) => {
        const cursor = new FrameCursor().begin(before + (isThere ? sought : sought.slice(0, -1)));
        cursor.skip(new FrameLiteral(before));
        expect(cursor.isNext(new FrameLiteral(sought))).toBe(isThere);
        expect(cursor.isDone).toBe(isThere || sought.length === 1);
      }),
    );
  });

  it('reads a frame that is longer than all before it, and the next one', () => {
    const cursor = new FrameCursor();
    const word = 'a'.repeat(100_000);
    const words = new FrameWords(new Map([word, 'b'].map((each) => [each, each])));
    expect(cursor.begin(`${word}"`).word(words)).toBe(word);
    expect(cursor.isDone).toBe(true);
    expect(cursor.begin('b"').word(words)).toBe('b');
    expect(cursor.isDone).toBe(true);
  });

  it('does not read on behind a frame that breaks off within a word', () => {
    const word = 'abcdefghij'.repeat(3);
    const words = new FrameWords(new Map([[word, word]]));
    for (let length = 0; length <= word.length; length += 1) {
      // Longer than all before it, so that no room is left behind what may be read.
      const cursor = new FrameCursor().begin(`${' '.repeat(9000)}"${word.slice(0, length)}`);
      cursor.skipTo(QUOTE);
      expect(cursor.word(words)).toBeUndefined();
      expect(cursor.isDone).toBe(false);
    }
  });

  it('reads a list of any length, to which others can be added', () => {
    for (const length of [1, 2, 3, 50, 150, 1000]) {
      const pairs = Array.from({ length }, (_, index) => [`${length}.${index}1`, `0.${index}`]);
      const cursor = new FrameCursor().begin(`${JSON.stringify(pairs)},[]`);
      const rows = cursor.levels(PAIRS);
      cursor.skip(comma);
      expect(cursor.levels(PAIRS)).toHaveLength(0);
      expect(cursor.isDone).toBe(true);
      const levels = pairs.map(([price = '', quantity = '']) => ({
        price: parsePrice(price),
        quantity: parseQuantity(quantity),
      }));
      expect([...rows]).toEqual(levels);
      expect([...rows.with(rows)]).toEqual([...levels, ...levels]);
    }
  });

  it('comes to an end in every frame that is not ASCII, however much room it takes', () => {
    const cursor = new FrameCursor();
    const piece = fc.constantFrom('é', 'İ', '€', '\ud800', '😀', '1', 'a');
    fc.assert(
      fc.property(piece, fc.integer({ min: 1000, max: 9000 }), fc.nat(40), (text, length, end) => {
        const frame = `${'1'.repeat(end)}${text.repeat(length / text.length)}é`;
        cursor.begin(length % 2 === 0 ? frame : Buffer.from(frame));
        const rows = new LevelRows();
        for (let step = 0; step < 12; step += 1) {
          cursor.word(NO_WORDS);
          cursor.skipTo(0x40);
          cursor.integer();
          cursor.isoMicroseconds(zone);
          cursor.level(comma, rows);
          cursor.levels(PAIRS);
        }
        expect(cursor.isDone).toBe(false);
        expect(cursor.begin(',').isNext(comma)).toBe(true);
      }),
    );
  });

  it('reads no frame that is not ASCII, even if the part that fits has as many bytes as it has characters', () => {
    // Room for 4,088 bytes: the two of the first character leave none for the last one.
    const cursor = new FrameCursor().begin(`é${'a'.repeat(4085)}"!`);
    cursor.word(NO_WORDS);
    expect(cursor.isDone).toBe(false);
  });

  it('finds nothing any more once it has failed, so that a list ends there', () => {
    const cursor = new FrameCursor();
    const failing = [
      () => cursor.skip(new FrameLiteral('[')),
      () => cursor.word(NO_WORDS),
      () => cursor.skipTo(0x40),
      () => cursor.integer(),
      () => cursor.isoMicroseconds(zone),
      () => cursor.level(comma, new LevelRows()),
      () => cursor.levels(PAIRS),
    ];
    for (const fail of failing) {
      cursor.begin(',,,,');
      fail();
      expect(cursor.isNext(comma)).toBe(false);
      expect(cursor.begin(',').isNext(comma)).toBe(true);
    }
  });

  it('finds each of many words, steps over one that is not known, and reads on', () => {
    const word = fc.stringMatching(/^[A-C1-]{1,3}-[A-C ]{0,4}$/);
    const some = (minLength: number) => fc.uniqueArray(word, { minLength, maxLength: 50 });
    fc.assert(
      fc.property(some(0), some(1), (known, read) => {
        const table = new FrameWords(new Map(known.map((each) => [each, { each }])));
        const cursor = new FrameCursor();
        for (const each of [...read, ...known]) {
          const found = cursor.begin(`${each}",`).word(table);
          expect(found?.each).toBe(known.includes(each) ? each : undefined);
          cursor.skip(comma);
          expect(cursor.isDone).toBe(true);
        }
      }),
    );
  });

  it.each(['a\\"', 'aé"', 'aİ"', 'a', 'a\u0001"', 'a\u0000"'])('takes %j for no word', (text) => {
    const cursor = new FrameCursor().begin(text);
    expect(cursor.word(new FrameWords(new Map([['a', 1]])))).toBeUndefined();
    expect(cursor.isDone).toBe(false);
  });
});
