// The checksum of a book whose amounts are written in any way, against one of plain texts; and the book
// itself against one that follows its events.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookChecksum } from '../../domain/book/checksum.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { OrderBook, type ShownBook } from '../../domain/book/order-book.ts';
import { BTC_USDT, drawnExactly, price as priceOf } from '../../test-market.ts';
import { KrakenBook } from './kraken-book.ts';
import { publishedChecksum, publishedSide } from '../frames/published-levels.ts';

const DEPTH = 12;
const STEP = priceOf('0.05');
const NOTHING = drawnExactly({ bids: [], asks: [] });
type Pair = readonly [price: string, quantity: string];

const price = (least: number) =>
  fc.integer({ min: least, max: least + 19 }).map((cents) => (cents / 100).toFixed(2));
/** Few digits, many zeros, digits that no row has, and the removal of a level. */
const quantity = fc.constantFrom(
  ...['1.50000000', '0.00000010', '99999997.00000000', '0.00000000', '2.00000000'],
  ...['0.00000000', '12345678901.12345678', '90071992.54740991', '7.10000000', '0.00000000'],
);
const short = quantity.filter((text) => text.length < 18);
const step = fc.constantFrom(short, short, quantity).chain((quantities) =>
  fc.record({
    bids: fc.array(fc.tuple(price(100), quantities), { maxLength: 4 }),
    asks: fc.array(fc.tuple(price(200), quantities), { maxLength: 4 }),
    isSnapshot: fc.constantFrom(false, false, false, true),
  }),
);

/** The venue's book: texts by their price. */
class Published {
  #bids = new Map<string, string>();
  #asks = new Map<string, string>();

  take(bids: readonly Pair[], asks: readonly Pair[], isSnapshot: boolean): number {
    if (isSnapshot) [this.#bids, this.#asks] = [new Map(), new Map()];
    this.#bids = changed(this.#bids, bids, -1);
    this.#asks = changed(this.#asks, asks, 1);
    const levels = (side: ReadonlyMap<string, string>) =>
      [...side].map(([at, text]) => ({ price: at, quantity: text }));
    return publishedChecksum(bookChecksum(levels(this.#bids), levels(this.#asks)));
  }
}

function changed(side: ReadonlyMap<string, string>, pairs: readonly Pair[], direction: 1 | -1) {
  const next = new Map(side);
  for (const [at, text] of pairs)
    if (/^[0.]+$/.test(text)) next.delete(at);
    else next.set(at, text);
  const sorted = [...next].sort(
    ([left], [right]) => (parseFloat(left) - parseFloat(right)) * direction,
  );
  return new Map(sorted.slice(0, DEPTH));
}

/** Applies an event to a book, and compares it with the one that the event brings. @returns the latter */
function follow(book: OrderBook, event: FeedEvent | undefined): ShownBook {
  if (event?.kind === 'bookSnapshot') book.replace(event, event);
  else if (event?.kind === 'bookUpdate') book.apply(event);
  else throw new Error('The event is not about a book.');
  const own = event.book ?? new OrderBook();
  expect(drawnExactly(own.top(Infinity))).toBe(drawnExactly(book.top(Infinity)));
  expect(own.groupedBy(STEP).top(20)).toEqual(book.groupedBy(STEP).top(20));
  expect(own.horizon).toEqual(book.horizon);
  return own;
}

describe('a book of Kraken', () => {
  it('has the checksum of its published digits, however they are held, and no other', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.nat(), (steps, at) => {
        const [book, published] = [new KrakenBook(BTC_USDT.symbol, DEPTH), new Published()];
        const followed = new OrderBook();
        let shown: ShownBook = followed;
        for (const [index, { bids, asks, isSnapshot }] of steps.entries()) {
          const isWhole = isSnapshot || index === 0;
          // A venue lists a price once in a message.
          const [changedBids, changedAsks] = [new Map(bids), new Map(asks)].map((all) => [...all]);
          const checksum = published.take(changedBids ?? [], changedAsks ?? [], isWhole);
          const isWrong = index > 0 && index === at % 25;
          const levels = {
            bids: publishedSide(changedBids ?? []),
            asks: publishedSide(changedAsks ?? []),
            checksum: isWrong ? (checksum + 1) % 2 ** 32 : checksum,
          };
          const [event] = isWhole ? book.snapshot(levels, null) : book.update(levels, null);
          expect(event?.kind).toBe(isWrong ? 'bookLost' : isWhole ? 'bookSnapshot' : 'bookUpdate');
          if (isWrong) expect(event).toMatchObject({ isRefuted: true });
          if (isWrong) return void expect(drawnExactly(shown.top(Infinity))).toBe(NOTHING);
          shown = follow(followed, event);
        }
      }),
      { numRuns: 400 },
    );
  });
});
