import { describe, expect, it } from 'vitest';
import { TestMarket } from '../test-market.ts';
import type { ConsolidatedBookFrame } from './frames.ts';
import { LatestConsolidated } from './latest-consolidated.ts';

/** Two venues with a whole book each, and a reader by hand; both venues' clocks go together. */
function subscribe(wish: { readonly depth?: number; readonly maxPerSecond?: number } = {}) {
  const [first, second] = [new TestMarket('first'), new TestMarket('second')];
  first.snapshot('1 @ 100, 1 @ 99', '1 @ 102');
  second.snapshot('2 @ 100', '2 @ 101');
  const { depth = 1, maxPerSecond = null } = wish;
  const source = new LatestConsolidated(
    [first.market, second.market],
    { depth, maxPerSecond },
    { heartbeatMs: 5000, capacity: 1 },
  );
  let wakes = 0;
  source.open(() => (wakes += 1), first.clock.now());
  return {
    ...{ first, second, source },
    wakes: () => wakes,
    pass: (ms: number) => {
      for (const { clock } of [first, second]) clock.pass(ms);
    },
    read: () => told(source.take(first.clock.now())),
  };
}

/** `previous→sequence +conflated: bid | ask, without venues`, with each venue's part. */
function told(frame: ConsolidatedBookFrame | null): string | null {
  if (frame === null || frame.__typename !== 'ConsolidatedBookUpdate')
    return frame?.__typename ?? null;
  const { book, sequence, previousSequence, conflated } = frame;
  const side = (levels: typeof book.bids) =>
    levels.map(({ price, shares }) =>
      [Number(price), ...shares.map((one) => `${one.venue} ${Number(one.quantity)}`)].join(' '),
    );
  const without = book.leftOut.length === 0 ? '' : `, without ${book.leftOut.join()}`;
  const chain = `${previousSequence}→${sequence} +${conflated}`;
  return `${chain}: ${side(book.bids).join()} | ${side(book.asks).join()}${without}`;
}

describe('a stream of the consolidated book', () => {
  it('begins with the current state, and sends each change within its depth', () => {
    const { first, second, read, wakes } = subscribe();
    expect(read()).toBe('0→1 +0: 100 first 1 second 2 | 101 second 2');
    expect(read()).toBeNull();
    second.change('', '0 @ 101, 1 @ 103');
    expect(wakes()).toBe(1);
    expect(read()).toBe('1→2 +0: 100 first 1 second 2 | 102 first 1');
    first.change('3 @ 100', '');
    first.change('4 @ 100', '');
    expect(read()).toBe('2→4 +1: 100 first 4 second 2 | 102 first 1');
  });

  it('skips changes beyond its depth', () => {
    const { first, read } = subscribe();
    read();
    first.change('5 @ 99', '');
    expect(read()).toBeNull();
    first.change('5 @ 100', '');
    expect(read()).toBe('1→3 +1: 100 first 5 second 2 | 101 second 2');
  });

  it('leaves out a venue that is lost or has fallen silent, as soon as it checks', () => {
    const { first, second, read, pass } = subscribe();
    read();
    second.lose('bookLost');
    expect(read()).toBe('1→2 +0: 100 first 1 | 102 first 1, without second');
    second.snapshot('2 @ 100', '2 @ 101');
    expect(read()).toBe('2→3 +0: 100 first 1 second 2 | 101 second 2');
    pass(2001);
    first.change('1 @ 98', '');
    expect(read()).toBe('3→4 +0: 100 first 1 | 102 first 1, without second');
    pass(2001);
    expect(read()).toBe('4→5 +0:  | , without first,second');
  });

  it('leaves out a venue as soon as it trades the instrument no more', () => {
    const { second, read, wakes } = subscribe();
    read();
    second.list('HALTED');
    expect(wakes()).toBe(1);
    expect(read()).toBe('1→2 +0: 100 first 1 | 102 first 1, without second');
  });

  it('keeps to the requested rate, and then sends the newest state', () => {
    const { first, source, read, pass } = subscribe({ maxPerSecond: 10 });
    read();
    first.change('7 @ 100', '');
    expect(read()).toBeNull();
    expect(source.dueAtMs()).toBe(first.clock.now() + 100);
    first.change('8 @ 100', '');
    pass(100);
    expect(read()).toBe('1→3 +1: 100 first 8 second 2 | 101 second 2');
    expect(source.dueAtMs()).toBeNull();
  });

  it('sends heartbeats, and stops listening once it is closed', () => {
    const { first, source, read, pass, wakes } = subscribe();
    read();
    for (let second = 0; second < 5; second += 1) {
      pass(1000);
      first.change('1 @ 98', '');
    }
    expect(read()).toBe('1→6 +4: 100 first 1 | 102 first 1, without second');
    for (let second = 0; second < 5; second += 1) {
      expect(read()).toBeNull();
      pass(1000);
      first.change('1 @ 98', '');
    }
    expect(read()).toBe('StreamHeartbeat');
    source.close();
    const before = wakes();
    first.change('1 @ 97', '');
    expect(wakes()).toBe(before);
  });
});
