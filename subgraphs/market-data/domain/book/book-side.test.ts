// Rows against exact amounts: whatever a venue sends, both ways show the same side.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrice } from '#shared/domain/price.ts';
import { formatQuantity } from '#shared/domain/quantity.ts';
import { type BookSide, isCrossed, plainSide } from './book-side.ts';
import { bookChecksum, EMPTY_REMAINDER, finishedChecksum } from './checksum.ts';
import { ExactSide } from './exact-side.ts';
import type { Level } from './level.ts';
import { plainLevel } from '../../test-market.ts';
import { LARGEST_PRICE, LARGEST_QUANTITY, LevelRows } from './level-rows.ts';
import { levelForm, sentForm } from './sent-form.ts';

interface SentRow {
  readonly price: number;
  readonly quantity: number;
  readonly form: number;
}

const scale = fc.integer({ min: 0, max: 18 });
const fewScales = fc.constantFrom(0, 1, 2);
/** Few prices, written in several ways, and any at all. */
const sentPrice = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.integer({ min: 1, max: 60 }), fewScales) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: LARGEST_PRICE }), scale) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({ min: LARGEST_PRICE - 3, max: LARGEST_PRICE }), scale),
  },
);
const sentQuantity = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 2 }), scale),
  fc.tuple(fc.integer({ min: 0, max: LARGEST_QUANTITY }), scale),
);
const row = fc
  .tuple(sentPrice, sentQuantity)
  .map(([[price, priceScale], [quantity, quantityScale]]): SentRow => ({
    price,
    quantity,
    form: levelForm(sentForm(priceScale, 0), sentForm(quantityScale, 0)),
  }));
const change = fc.record({
  kind: fc.constantFrom('apply', 'apply', 'apply', 'apply', 'heard', 'replace', 'exact', 'cut'),
  rows: fc.array(row, { maxLength: 12 }),
  depth: fc.integer({ min: 1, max: 20 }),
});

function rowsOf(all: readonly SentRow[]): LevelRows {
  const rows = new LevelRows();
  for (const { price, quantity, form } of all) rows.add(price, quantity, form);
  return rows;
}

/** Does the same to a side and to exact amounts, and adds up what is heard of the side. */
function applied(
  { kind, rows, depth }: typeof change extends fc.Arbitrary<infer Change> ? Change : never,
  side: BookSide,
  exact: ExactSide,
): void {
  const sent = rowsOf(rows);
  const before = total(side.top(Infinity));
  let heard = 0n;
  const listener = (_: bigint, difference: bigint) => void (heard += difference);
  if (kind === 'cut') {
    const cut = exact.cutTo(depth).map(({ price }) => ({ price, quantity: 0n }));
    expect([...side.cutTo(depth, listener)]).toEqual(cut);
    expect(before + heard).toBe(total(side.top(Infinity)));
    return;
  }
  if (kind === 'replace') {
    side.replace(sent);
    exact.replace([...sent]);
    return;
  }
  side.apply(kind === 'exact' ? [...sent] : sent, kind === 'heard' ? listener : undefined);
  for (const level of sent) exact.set(level);
  if (kind === 'heard') expect(before + heard).toBe(total(side.top(Infinity)));
}

function total(levels: readonly Level[]): bigint {
  return levels.reduce((sum, { quantity }) => sum + quantity, 0n);
}

describe.each(['bid', 'ask'] as const)('a %s side', (name) => {
  it('shows the same whether it is held in rows or as exact amounts', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const [side, exact] = [plainSide(name), new ExactSide(name)];
        for (const each of changes) {
          applied(each, side, exact);
          expect(side.top(Infinity)).toEqual(exact.top(Infinity));
          expect([...side.levels()]).toEqual(exact.top(Infinity));
          expect([plainLevel(side.best()), side.worst(), side.size]).toEqual([
            exact.best(),
            exact.worst(),
            exact.size,
          ]);
          expect(side.top(3)).toEqual(exact.top(3));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps all digits as they were sent', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (all) => {
        const side = plainSide(name);
        side.apply(rowsOf(all));
        const last = new Map(all.map((each) => [rowsOf([each]).at(0)?.price, each]));
        const sent = side.rows?.rows() ?? new LevelRows();
        for (const [rank, { price }] of [...sent].entries())
          expect(sent.formAt(rank)).toBe(last.get(price)?.form);
        expect([...sent]).toEqual(side.top(Infinity));
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same best level until it is set', () => {
    const side = plainSide(name);
    const level = (price: number, quantity: number) => rowsOf([{ price, quantity, form: 0 }]);
    side.replace(rowsOf([5, 6, 7].map((price) => ({ price, quantity: 1, form: 0 }))));
    const best = side.best();
    side.apply(level(6, 3));
    expect(side.best()).toBe(best);
    side.apply(level(Number(best?.price) / 1e18, 1));
    expect(plainLevel(side.best())).toEqual(plainLevel(best));
    expect(side.best()).not.toBe(best);
  });

  it('has the checksum of its best levels after any change, also of levels whose part is known', () => {
    const wholePrice = row.map((each) => ({ ...each, form: levelForm(0, 0) }));
    const how = fc.constantFrom('apply', 'apply', 'apply', 'apply', 'replace', 'cut');
    fc.assert(
      fc.property(fc.array(fc.tuple(how, fc.array(wholePrice, { maxLength: 20 }))), (changes) => {
        const side = plainSide(name);
        for (const [kind, each] of changes) {
          if (kind === 'cut') side.cutTo(Math.max(1, side.size - each.length));
          else side[kind](rowsOf(each));
          const texts = side.top(10).map(({ price, quantity }) => ({
            price: formatPrice(price),
            quantity: formatQuantity(quantity),
          }));
          const remainder = side.rows?.continueChecksum(EMPTY_REMAINDER) ?? 0;
          expect(String(finishedChecksum(remainder))).toBe(bookChecksum([], texts));
        }
      }),
    );
  });

  it('is right while levels far from the best price come and go, and keeps no room for those gone', () => {
    const [side, exact] = [plainSide(name), new ExactSide(name)];
    const random = fc.sample(fc.integer({ min: 1, max: 3000 }), { numRuns: 20_000, seed: 7 });
    for (const [index, price] of random.entries()) {
      const quantity = (index * price) % 2;
      const rows = rowsOf([{ price, quantity, form: 0 }]);
      side.apply(rows);
      exact.set(rows.at(0) as Level);
      if (index % 100 === 0) expect(side.top(Infinity)).toEqual(exact.top(Infinity));
    }
    expect(side.size).toBe(exact.size);
    expect(side.rows?.capacity).toBeLessThan(5000);
  });

  it('shows the same after many changes at once, of prices that are there, are not, and repeat', () => {
    const many = fc.array(fc.tuple(fc.integer({ min: 1, max: 2000 }), fc.nat({ max: 2 })), {
      minLength: 501,
      maxLength: 900,
    });
    fc.assert(
      fc.property(many, many, many, (whole, changes, more) => {
        const [side, exact, one] = [plainSide(name), plainSide(name), new ExactSide(name)];
        const sent = [whole, changes, more].map((pairs) =>
          rowsOf(pairs.map(([price, quantity]) => ({ price, quantity, form: 0 }))),
        );
        for (const rows of sent) {
          side.apply(rows);
          exact.apply([...rows]);
          for (const level of rows) one.set(level);
          expect(side.top(Infinity)).toEqual(one.top(Infinity));
          expect(exact.top(Infinity)).toEqual(one.top(Infinity));
          expect(plainLevel(side.best())).toEqual(one.best());
        }
        const far = rowsOf([{ price: 1000, quantity: 3, form: 0 }]);
        side.apply(far);
        one.set(far.at(0) as Level);
        expect(side.top(Infinity)).toEqual(one.top(Infinity));
        exact.replace([...(sent[1] ?? [])]);
        side.replace(sent[1] ?? far);
        expect(exact.top(Infinity)).toEqual(side.top(Infinity));
      }),
      { numRuns: 30 },
    );
  });

  it('has room for whole levels, however many replace it before it grows', () => {
    const level = (price: number) => ({ price, quantity: price, form: 0 });
    for (let count = 60; count <= 140; count += 1) {
      const whole = rowsOf(Array.from({ length: count }, (_, n) => level(1000 + n)));
      // As many again, better and worse ones.
      const more = rowsOf(
        Array.from({ length: count }, (_, n) => level(n % 2 === 0 ? 2000 + n : 1000 - n)),
      );
      const [side, exact] = [plainSide(name), new ExactSide(name)];
      side.replace(whole);
      side.apply(more);
      exact.replace([...whole]);
      for (const each of more) exact.set(each);
      expect(side.top(Infinity), `${count} levels`).toEqual(exact.top(Infinity));
    }
  });

  it.each(['as venues do', 'in reverse', 'at random'])(
    'takes a huge book at once when it is sent %s, and does not keep its room',
    (order) => {
      const side = plainSide(name);
      const many = Array.from({ length: 100_000 }, (_, n) => ({
        price: 1 + (order === 'at random' ? (n * 70_001) % 100_003 : n),
        quantity: 1 + n,
        form: 0,
      }));
      const isUsual = (name === 'ask') === (order === 'as venues do');
      side.replace(rowsOf(isUsual ? many : many.toReversed()));
      expect(side.size).toBe(100_000);
      const exact = new ExactSide(name);
      exact.replace([
        ...rowsOf(many.toSorted((left, right) => left.price - right.price).slice(-3)),
      ]);
      if (name === 'bid') expect(side.top(3)).toEqual(exact.top(3));
      else expect(side.top(Infinity).slice(-3)).toEqual(exact.top(3));
      side.replace(rowsOf(many.slice(0, 10)));
      expect(side.rows?.capacity).toBeLessThan(1000);
    },
  );
});

describe('two sides', () => {
  it('are crossed where the best prices are, in rows and as exact amounts', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 3 }),
        fc.array(row, { maxLength: 3 }),
        (bids, asks) => {
          const sides = () => [plainSide('bid'), plainSide('ask')] as const;
          const [[rowBids, rowAsks], [exactBids, exactAsks]] = [sides(), sides()];
          rowBids.apply(rowsOf(bids));
          rowAsks.apply(rowsOf(asks));
          exactBids.apply([...rowsOf(bids)]);
          exactAsks.apply([...rowsOf(asks)]);
          const [bid, ask] = [exactBids.best(), exactAsks.best()];
          const expected = bid !== null && ask !== null && bid.price >= ask.price;
          expect(isCrossed(rowBids, rowAsks)).toBe(expected);
          expect(isCrossed(exactBids, exactAsks)).toBe(expected);
          expect(isCrossed(exactBids, rowAsks)).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
