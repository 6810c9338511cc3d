// Depth frames get lost, repeated or reordered on the way. The book is right, or it is reported as lost;
// it is never silently wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { Level } from '../../domain/book/level.ts';
import { OrderBook } from '../../domain/book/order-book.ts';
import { BTC_USDT, drawn, levels } from '../../test-market.ts';
import { type DepthDiff, DepthSynchronizer } from './depth-synchronizer.ts';

function diff(firstUpdateId: number, lastUpdateId: number, bids: string): DepthDiff {
  return { firstUpdateId, lastUpdateId, exchangeTimeMs: 0, bids: levels(bids), asks: [] };
}

const kinds = (events: readonly FeedEvent[]) => events.map(({ kind }) => kind);

describe('the depth synchronizer', () => {
  it('keeps diffs until the snapshot and applies those it does not hold yet', () => {
    const depth = new DepthSynchronizer(BTC_USDT.symbol);
    expect(depth.diff(diff(5, 8, '1 @ 99'))).toEqual([]);
    expect(depth.diff(diff(9, 12, '2 @ 99'))).toEqual([]);
    expect(depth.diff(diff(13, 14, '3 @ 99'))).toEqual([]);
    const events = depth.snapshot(10, { bids: levels('9 @ 90'), asks: [] });
    expect(kinds(events)).toEqual(['bookSnapshot', 'bookUpdate', 'bookUpdate']);
  });

  it('skips a snapshot older than the diffs, and takes the next', () => {
    const depth = new DepthSynchronizer(BTC_USDT.symbol);
    depth.diff(diff(5, 8, '1 @ 99'));
    expect(depth.snapshot(3, { bids: [], asks: [] })).toEqual([]);
    expect(depth.needsSnapshot).toBe(true);
    expect(kinds(depth.snapshot(4, { bids: [], asks: [] }))).toEqual([
      'bookSnapshot',
      'bookUpdate',
    ]);
  });

  it('keeps no more levels of diffs than memory has room for', () => {
    const depth = new DepthSynchronizer(BTC_USDT.symbol);
    const many = Array(300_000).fill(levels('1 @ 99')[0]) as Level[];
    for (let id = 1; id <= 5; id += 1) depth.diff({ ...diff(id, id, ''), bids: many });
    expect(depth.snapshot(1, { bids: [], asks: [] })).toEqual([]);
    expect(kinds(depth.snapshot(2, { bids: [], asks: [] }))).toEqual([
      'bookSnapshot',
      ...Array<string>(3).fill('bookUpdate'),
    ]);
  });

  it('reports a lost book once, and is whole again with a snapshot', () => {
    const depth = new DepthSynchronizer(BTC_USDT.symbol);
    depth.snapshot(10, { bids: [], asks: [] });
    expect(kinds(depth.diff(diff(12, 13, '1 @ 99')))).toEqual(['bookLost']);
    expect(depth.diff(diff(14, 15, '2 @ 99'))).toEqual([]);
    const events = depth.snapshot(13, { bids: levels('1 @ 99'), asks: [] });
    expect(kinds(events)).toEqual(['bookSnapshot', 'bookUpdate']);
  });

  it('renews a book without losing it, by a snapshot that is older or newer than the book', () => {
    const depth = new DepthSynchronizer(BTC_USDT.symbol);
    depth.renew();
    depth.snapshot(10, { bids: levels('1 @ 99'), asks: [] });
    expect(depth.needsSnapshot).toBe(false);
    depth.diff(diff(11, 11, '2 @ 98'));
    depth.renew();
    expect(kinds(depth.diff(diff(12, 13, '3 @ 99')))).toEqual(['bookUpdate']);
    expect(kinds(depth.diff(diff(14, 15, '0 @ 98')))).toEqual(['bookUpdate']);
    const whole = (bids: string) => ({ bids: levels(bids), asks: [] });
    expect(depth.snapshot(10, whole('1 @ 99'))).toEqual([]);
    expect(depth.needsSnapshot).toBe(true);
    const [renewed, ...others] = depth.snapshot(12, whole('1 @ 99, 2 @ 98, 7 @ 50'));
    expect(renewed).toMatchObject({ kind: 'bookSnapshot', bids: levels('3 @ 99, 7 @ 50') });
    expect(others).toEqual([]);
    expect(depth.needsSnapshot).toBe(false);
    depth.renew();
    expect(kinds(depth.snapshot(18, whole('4 @ 99')))).toEqual(['bookSnapshot']);
    expect(depth.diff(diff(16, 18, '4 @ 99'))).toEqual([]);
    expect(kinds(depth.diff(diff(19, 19, '5 @ 99')))).toEqual(['bookUpdate']);
    expect(kinds(depth.diff(diff(21, 22, '5 @ 99')))).toEqual(['bookLost']);
  });

  it('renews a book with what is newest, also if the venue repeats what it sent before', () => {
    const depth = new DepthSynchronizer(BTC_USDT.symbol);
    depth.snapshot(10, { bids: levels('1 @ 99'), asks: [] });
    depth.renew();
    depth.diff(diff(11, 12, '3 @ 99'));
    depth.diff(diff(13, 14, '4 @ 99'));
    expect(depth.diff(diff(11, 12, '3 @ 99'))).toEqual([]);
    const [renewed] = depth.snapshot(10, { bids: levels('1 @ 99'), asks: [] });
    expect(renewed).toMatchObject({ kind: 'bookSnapshot', bids: levels('4 @ 99') });
  });

  it('reports everything that damages the book', () => {
    const frames = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 })), {
        minLength: 2,
        maxLength: 25,
      })
      .map((steps) => {
        let lastUpdateId = 100;
        return steps.map(([ids, price], index) => {
          const firstUpdateId = lastUpdateId + 1;
          lastUpdateId += ids;
          return diff(firstUpdateId, lastUpdateId, `${index % 4} @ ${price}`);
        });
      });
    const mishap = fc.record({
      kind: fc.constantFrom('none', 'drop', 'double', 'swap'),
      at: fc.nat(),
    });
    fc.assert(
      fc.property(frames, mishap, (sent, { kind, at }) => {
        const arrived = befall(sent, kind, at % (sent.length - 1));
        const depth = new DepthSynchronizer(BTC_USDT.symbol);
        const book = new OrderBook();
        let isLost = false;
        const take = (events: readonly FeedEvent[]) => {
          for (const event of events) {
            if (event.kind === 'bookLost') isLost = true;
            else if (event.kind === 'bookSnapshot') book.replace(event);
            else if (event.kind === 'bookUpdate') book.apply(event);
          }
        };
        take(depth.snapshot(100, { bids: levels('1 @ 5'), asks: [] }));
        for (const frame of arrived) take(depth.diff(frame));
        const truth = new OrderBook();
        truth.replace({ bids: levels('1 @ 5'), asks: [] });
        for (const frame of sent) truth.apply(frame);
        const isRight = drawn(book.top(99)).bids === drawn(truth.top(99)).bids;
        expect(isLost || isRight).toBe(true);
        if (kind === 'none' || kind === 'double') expect(isLost).toBe(false);
        if (kind === 'drop' || kind === 'swap') expect(isLost).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is right where two sockets send the same changes in different pieces', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
    const changes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 5, maxLength: 40 });
    const turns = fc.array(fc.boolean(), { minLength: 1 });
    const renewal = fc.record({ at: fc.nat(40), snapshotAt: fc.nat(40) });
    fc.assert(
      fc.property(changes, lengths, lengths, turns, renewal, (sent, one, two, order, at) => {
        const sockets = [pieces(sent, one), pieces(sent, two)] as const;
        const bookAt = (updateId: number) => {
          const book = new OrderBook();
          book.replace({ bids: levels('1 @ 5'), asks: [] });
          for (const each of pieces(sent.slice(0, updateId - 100), [1])) book.apply(each);
          return book;
        };
        const depth = new DepthSynchronizer(BTC_USDT.symbol);
        const book = new OrderBook();
        let known = 100;
        const take = (events: readonly FeedEvent[]) => {
          for (const event of events) {
            expect(event.kind).not.toBe('bookLost');
            if (event.kind === 'bookSnapshot') book.replace(event);
            else if (event.kind === 'bookUpdate') book.apply(event);
          }
          expect(drawn(book.top(99))).toEqual(drawn(bookAt(known).top(99)));
        };
        take(depth.snapshot(100, bookAt(100).whole()));
        for (let turn = 0; sockets[0].length + sockets[1].length > 0; turn += 1) {
          if (turn === at.at) depth.renew();
          const wish = order[turn % order.length] === true ? 0 : 1;
          const next = sockets[wish].shift() ?? sockets[1 - wish]?.shift();
          if (next === undefined) break;
          known = Math.max(known, next.lastUpdateId);
          take(depth.diff(next));
          const asked = Math.min(100 + at.snapshotAt, known);
          if (turn > at.at) take(depth.snapshot(asked, bookAt(asked).whole()));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** The changes of a price, one for each update id from 101 on, in pieces of these lengths. */
function pieces(changes: readonly number[], lengths: readonly number[]): DepthDiff[] {
  const diffs: DepthDiff[] = [];
  for (let from = 0, turn = 0; from < changes.length; turn += 1) {
    const to = Math.min(changes.length, from + (lengths[turn % lengths.length] ?? 1));
    const newest = new Map(
      changes.slice(from, to).map((price, index) => [price, (from + index) % 7]),
    );
    const bids = [...newest].map(([price, quantity]) => `${quantity} @ ${price}`).join(', ');
    diffs.push(diff(101 + from, 100 + to, bids));
    from = to;
  }
  return diffs;
}

/** What happens to the frame at `at`, which is never the last one: that loss shows with the next. */
function befall(frames: readonly DepthDiff[], kind: string, at: number): DepthDiff[] {
  const [own, next] = [frames[at] as DepthDiff, frames[at + 1] as DepthDiff];
  const before = frames.slice(0, at);
  const after = frames.slice(at + 2);
  if (kind === 'drop') return [...before, next, ...after];
  if (kind === 'double') return [...before, own, own, next, ...after];
  if (kind === 'swap') return [...before, next, own, ...after];
  return [...frames];
}
