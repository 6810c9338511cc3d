// Books over many frames: what is read quickly and held in rows against what is read in the general way
// and held as exact amounts, and both against the book that the reader keeps. Snapshots are of any size, so that books grow from any room that they have.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Price } from '#shared/domain/price.ts';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { OrderBook } from '../../domain/book/order-book.ts';
import { BTC_USDT, plain, plainLevel, price } from '../../test-market.ts';
import { CoinbaseDecoder } from '../coinbase/coinbase-decoder.ts';

type Sent = readonly [price: string, quantity: string];

/** Bids below 500 and asks from there, in the forms in which amounts are written. */
const sentPrice = (least: number) =>
  fc
    .tuple(
      fc.integer({ min: least * 100, max: least * 100 + 4000 }),
      fc.integer({ min: 2, max: 4 }),
    )
    .map(([cents, scale]) => (cents / 100).toFixed(scale));
const sentQuantity = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 10 ** 9 }).map((units) => (units / 1e8).toFixed(8)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '0.00000000', '1.5', '007.10', '90071992.54740991'),
  },
);
/** One whose digits no row has. */
const hugeQuantity = fc.constantFrom('12345678901.123456789', '99999999999999999999');
const levels = (least: number, length: number, quantity: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(sentPrice(least), quantity), {
    minLength: length,
    maxLength: length + 30,
    size: 'max',
  });
const sides = (length: number, quantity = sentQuantity) =>
  fc.record({ bids: levels(450, length, quantity), asks: levels(500, length, quantity) });
const snapshot = fc
  .integer({ min: 0, max: 150 })
  .chain((length) => sides(length))
  .map((sent) => ({ ...sent, isSnapshot: true }));
const update = fc
  .constantFrom(sentQuantity, sentQuantity, sentQuantity, fc.oneof(sentQuantity, hugeQuantity))
  .chain((quantity) => sides(1, quantity))
  .map((sent) => ({ ...sent, isSnapshot: false }));
const step = fc.oneof({ weight: 1, arbitrary: snapshot }, { weight: 12, arbitrary: update });

function frameOf(
  { bids, asks, isSnapshot }: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
  index: number,
): string {
  const pairs = (side: readonly Sent[]) => JSON.stringify(side);
  const place = '"product_id":"BTC-USDT"';
  if (isSnapshot) return `{"type":"snapshot",${place},"asks":${pairs(asks)},"bids":${pairs(bids)}}`;
  const changes = [
    ...bids.map((sent) => ['buy', ...sent]),
    ...asks.map((sent) => ['sell', ...sent]),
  ];
  const time = new Date(index).toISOString().replace('Z', '000Z');
  return `{"type":"l2update",${place},"changes":${JSON.stringify(changes)},"time":"${time}"}`;
}

/** Follows the events as one does who has no book from their reader, and compares it with the reader's. */
function take(book: OrderBook, events: readonly FeedEvent[], step: Price): void {
  for (const event of events) {
    if (event.kind !== 'bookSnapshot' && event.kind !== 'bookUpdate') continue;
    if (event.kind === 'bookSnapshot') book.replace(event);
    else book.apply(event);
    expect(event.book?.top(Infinity)).toEqual(book.top(Infinity));
    expect(event.book?.groupedBy(step).top(20)).toEqual(book.groupedBy(step).top(20));
  }
}

function best(book: OrderBook) {
  return { bid: plainLevel(book.bestBid()), ask: plainLevel(book.bestAsk()) };
}

/** With levels as exact amounts instead of rows. */
function exactly(event: FeedEvent): FeedEvent {
  return 'bids' in event ? { ...event, bids: [...event.bids], asks: [...event.asks] } : event;
}

describe('a book', () => {
  it('is the same after any frames, however they are read and held, and no event changes later', () => {
    const decoder = () => new CoinbaseDecoder(venueSymbols('coinbase', [BTC_USDT]));
    fc.assert(
      fc.property(snapshot, fc.array(step, { maxLength: 25, size: 'max' }), (first, steps) => {
        const [quick, general] = [decoder(), decoder()];
        const [rows, amounts] = [new OrderBook(), new OrderBook()];
        const kept: (readonly [FeedEvent, readonly FeedEvent[]])[] = [];
        for (const [index, each] of [first, ...steps].entries()) {
          const frame = frameOf(each, index);
          const step = price(index % 2 === 0 ? '0.5' : '10');
          const events = quick.frame(frame);
          take(rows, events, step);
          const exact = general.frame(frame.replace('{', '{ ')).map(exactly);
          take(amounts, exact, step);
          const books = events.filter(({ kind }) => kind !== 'quote');
          expect(plain(books)).toEqual(plain(exact.filter(({ kind }) => kind !== 'quote')));
          kept.push(...books.map((event) => [event, plain([event])] as const));
          expect(rows.top(Infinity)).toEqual(amounts.top(Infinity));
          expect(best(rows)).toEqual(best(amounts));
          expect(rows.groupedBy(step).top(20)).toEqual(amounts.groupedBy(step).top(20));
        }
        for (const [event, then] of kept) expect(plain([event])).toEqual(then);
      }),
      // To make such a session smaller takes far longer than to find one.
      { numRuns: 40, endOnFailure: true },
    );
  });
});
