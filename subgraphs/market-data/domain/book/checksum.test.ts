// Kraken's rule against Kraken's own frames: every book frame carries the checksum of the book after
// it. Digits are read as text, for trailing zeros count.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseUnits } from '#shared/domain/decimal.ts';
import { recordedData } from '../../test-recordings.ts';
import { bookChecksum } from './checksum.ts';

const file = recordedData('kraken-v2/kraken_v2_frames.jsonl');

interface LevelText {
  readonly price: string;
  readonly qty: string;
}
interface BookFrame {
  readonly type: 'snapshot' | 'update';
  readonly data: readonly [
    { symbol: string; bids: LevelText[]; asks: LevelText[]; checksum: string },
  ];
}

function bookFrames(path: string): BookFrame[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { frame: string }).frame)
    .filter((frame) => frame.includes('"channel":"book"'))
    .filter((frame) => frame.includes('"checksum"'))
    .map((frame) => JSON.parse(frame.replace(/":(\d[\d.]*)(?=[,}])/g, '":"$1"')) as BookFrame);
}

describe('the book checksum', () => {
  it.skipIf(file === null)('equals the one Kraken sent with each of its frames', () => {
    const books = new Map<string, Record<'bids' | 'asks', Map<string, string>>>();
    const empty = () => ({ bids: new Map<string, string>(), asks: new Map<string, string>() });
    const frames = bookFrames(file ?? '');
    expect(frames).toHaveLength(5);
    for (const { type, data } of frames) {
      const [{ symbol, bids, asks, checksum }] = data;
      if (type === 'snapshot') books.set(symbol, empty());
      const book = books.get(symbol) ?? empty();
      change(book.bids, bids);
      change(book.asks, asks);
      expect(bookChecksum(sorted(book.bids, -1), sorted(book.asks, 1))).toBe(checksum);
    }
  });

  it('differs when one digit does', () => {
    const level = (quantity: string) => [{ price: '100.10', quantity }];
    expect(bookChecksum(level('1.5'), [])).not.toBe(bookChecksum(level('1.6'), []));
    expect(bookChecksum(level('1.5'), [])).not.toBe(bookChecksum(level('1.50'), []));
  });

  it('looks at ten levels of each side only', () => {
    const many = Array.from({ length: 11 }, (_, n) => ({ price: `${n + 1}`, quantity: '1' }));
    expect(bookChecksum(many, many)).toBe(bookChecksum(many.slice(0, 10), many.slice(0, 10)));
  });
});

function change(side: Map<string, string>, levels: readonly LevelText[]): void {
  for (const { price, qty } of levels)
    if (/^[0.]+$/.test(qty)) side.delete(price);
    else side.set(price, qty);
}

function sorted(side: ReadonlyMap<string, string>, direction: 1 | -1) {
  return [...side]
    .map(([price, quantity]) => ({ price, quantity, exact: parseUnits(price) ?? 0n }))
    .sort((left, right) => (left.exact < right.exact ? -direction : direction));
}
