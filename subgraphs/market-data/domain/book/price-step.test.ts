import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOfUnits } from '#shared/domain/price.ts';
import { BTC_USDT, drawn, levels, price } from '../../test-market.ts';
import { OrderBook } from './order-book.ts';
import { isPriceStep, topOfBook } from './price-step.ts';

describe('a book grouped by a price step', () => {
  const book = new OrderBook();
  book.replace({
    bids: levels('1 @ 104, 2 @ 100, 4 @ 99, 8 @ 95, 16 @ 94'),
    asks: levels('1 @ 105, 2 @ 106, 4 @ 110, 8 @ 111'),
  });

  it('has bids at the multiple at or below them, and asks at the one at or above', () => {
    const { bids, asks } = drawn(topOfBook(book, 10, price('5')));
    expect(bids).toBe('3 @ 100, 12 @ 95, 16 @ 90');
    expect(asks).toBe('1 @ 105, 6 @ 110, 8 @ 115');
  });

  it('has whole groups to its depth, and no more', () => {
    const { bids, asks } = drawn(topOfBook(book, 2, price('5')));
    expect(bids).toBe('3 @ 100, 12 @ 95');
    expect(asks).toBe('1 @ 105, 6 @ 110');
  });

  it('has all that rests, in order, each group no better than what is in it', () => {
    const side = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 60 });
    const step = fc.constantFrom(1n, 2n, 5n, 10n, 20n, 50n, 100n);
    fc.assert(
      fc.property(side, side, step, (bidPrices, askPrices, ticks) => {
        const any = new OrderBook();
        const one = (prices: number[]) => levels(prices.map((at) => `1 @ ${at}`).join(', '));
        any.replace({ bids: one(bidPrices), asks: one(askPrices) });
        const unit = price('1') * ticks;
        const { bids, asks } = topOfBook(any, 1000, priceOfUnits(unit));
        const counted = (prices: number[], groupOf: (at: bigint) => bigint) => {
          const counts = new Map<bigint, bigint>();
          for (const at of prices) {
            const group = groupOf(BigInt(at)) * price('1');
            counts.set(group, (counts.get(group) ?? 0n) + 1n);
          }
          return counts;
        };
        const below = counted(bidPrices, (at) => (at / ticks) * ticks);
        const above = counted(askPrices, (at) => ((at + ticks - 1n) / ticks) * ticks);
        const told = (of: typeof bids) =>
          of.map((level): [bigint, bigint] => [level.price, level.quantity / price('1')]);
        const ascending = (left: [bigint, bigint], right: [bigint, bigint]) =>
          left[0] < right[0] ? -1 : 1;
        expect(told(bids)).toEqual([...below].sort(ascending).reverse());
        expect(told(asks)).toEqual([...above].sort(ascending));
      }),
      { numRuns: 200 },
    );
  });

  it('has no level before which others may rest that are not known, grouped or not', () => {
    const own = new OrderBook();
    const knownTo = { bid: { price: price('99') }, ask: null };
    own.replace({ bids: levels('1 @ 104, 2 @ 99'), asks: levels('1 @ 105, 2 @ 106') }, { knownTo });
    own.apply({ bids: levels('4 @ 90'), asks: levels('4 @ 120') });
    const shown = { bids: '1 @ 104, 2 @ 99', asks: '1 @ 105, 2 @ 106, 4 @ 120' };
    for (const step of [null, price('1')]) expect(drawn(topOfBook(own, 10, step))).toEqual(shown);
  });

  it('has no group that reaches beyond what the venue tells', () => {
    const known = new OrderBook();
    const sides = { bids: levels('1 @ 104, 2 @ 99'), asks: levels('1 @ 105, 2 @ 106') };
    known.replace(sides, { depth: 2 });
    expect(drawn(topOfBook(known, 10, price('5')))).toEqual({ bids: '1 @ 100', asks: '1 @ 105' });
    known.replace(sides, { knownTo: { bid: { price: price('99') }, ask: null } });
    expect(drawn(topOfBook(known, 10, price('5')))).toEqual({
      bids: '1 @ 100',
      asks: '1 @ 105, 2 @ 110',
    });
    known.replace(sides, { depth: 3 });
    expect(drawn(topOfBook(known, 10, price('5')))).toEqual({
      bids: '1 @ 100, 2 @ 95',
      asks: '1 @ 105, 2 @ 110',
    });
    known.apply({ bids: levels('4 @ 95'), asks: levels('4 @ 110') });
    expect(drawn(topOfBook(known, 10, price('5')))).toEqual({
      bids: '1 @ 100, 6 @ 95',
      asks: '1 @ 105, 6 @ 110',
    });
  });

  it('is kept up with each change, and not made again while it is asked for', () => {
    const change = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 3 })), {
      maxLength: 6,
    });
    const text = (pairs: readonly (readonly [number, number])[]) =>
      levels(pairs.map(([at, quantity]) => `${quantity} @ ${at}`).join(', '));
    fc.assert(
      fc.property(fc.array(fc.tuple(change, change), { maxLength: 30 }), (changes) => {
        const kept = new OrderBook();
        const grouped = kept.groupedBy(price('5'));
        for (const [bids, asks] of changes) {
          kept.apply({ bids: text(bids), asks: text(asks) });
          const fresh = new OrderBook();
          fresh.replace(kept.top(Infinity));
          expect(topOfBook(kept, 7, price('5'))).toEqual(topOfBook(fresh, 7, price('5')));
          expect(kept.groupedBy(price('5'))).toBe(grouped);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is forgotten when nobody asks for it, and made again', () => {
    const own = new OrderBook();
    own.replace({ bids: levels('1 @ 104'), asks: [] });
    const grouped = own.groupedBy(price('5'));
    for (let count = 0; count < 1100; count += 1)
      own.apply({ bids: levels(`${count + 2} @ 104`), asks: [] });
    expect(own.groupedBy(price('5'))).not.toBe(grouped);
    expect(drawn(topOfBook(own, 2, price('5'))).bids).toBe('1101 @ 100');
  });
});

describe('the steps of an instrument', () => {
  it.each(['0.01', '0.02', '0.05', '0.1', '0.5', '1', '20', '10000'])('have %s', (step) => {
    expect(isPriceStep(price(step), BTC_USDT)).toBe(true);
  });

  it.each(['0.03', '0.005', '0.015', '3', '0.25', '20000'])('have no %s', (step) => {
    expect(isPriceStep(price(step), BTC_USDT)).toBe(false);
  });
});
