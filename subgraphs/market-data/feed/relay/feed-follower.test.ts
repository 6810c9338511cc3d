import { describe, expect, it } from 'vitest';
import type { FeedMessage } from '#shared/events/topics.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { BTC_USDT, ETH_USDT, price, quantity, TestMarket } from '../../test-market.ts';
import { FeedFollower } from './feed-follower.ts';
import { feedEvents, feedText } from './feed-text.ts';
import { marketSnapshot } from './market-snapshot.ts';

const { symbol } = BTC_USDT;
const TRADE: FeedEvent = {
  kind: 'trade',
  symbol,
  tradeId: '7',
  price: price('100'),
  quantity: quantity('1'),
  aggressorSide: 'BUY',
  exchangeTimeMs: 1,
};

/** A follower, and the message of a reader that it hears next. */
function following() {
  const asked: number[] = [];
  let nowMs = 0;
  const follower = new FeedFollower('test', () => asked.push(nowMs));
  const hear = (but: Partial<FeedMessage>) =>
    follower.hear(
      {
        kind: 'message',
        message: {
          venue: 'test',
          kind: 'events',
          reader: 'a',
          sequence: 1,
          isConnected: true,
          events: '[]',
          tradeSequences: {},
          told: [],
          ...but,
        },
      },
      nowMs,
    );
  const pass = (ms: number) => follower.tick((nowMs += ms));
  return { asked, follower, hear, pass };
}

/** Brings one desk to the state of another, as processes do. */
function copyTo(copy: TestMarket, desk: TestMarket): void {
  for (const event of feedEvents(feedText(marketSnapshot(desk.markets, 10))))
    copy.markets.apply(event, desk.clock.now());
}

const CONNECTED = { kind: 'connection', isConnected: true };
const LOST = { kind: 'connection', isConnected: false };

describe('following a feed that another process reads', () => {
  it('begins with a whole state, and asks for one until it comes', () => {
    const { asked, hear, pass } = following();
    expect(hear({ sequence: 4 })).toEqual([]);
    pass(400);
    pass(200);
    expect(asked).toEqual([0, 600]);
    expect(hear({ kind: 'snapshot', sequence: 5 })).toEqual([CONNECTED]);
    expect(
      hear({ sequence: 6, events: feedText([TRADE]), tradeSequences: { [symbol]: 9 } }),
    ).toEqual([{ ...TRADE, sequence: 9 }]);
  });

  it.each([
    ['a hole', { sequence: 7 }],
    ['another reader', { sequence: 6, reader: 'b' }],
  ])('believes nothing after %s', (_, message) => {
    const { asked, hear } = following();
    hear({ kind: 'snapshot', sequence: 5 });
    expect(hear(message)).toEqual([LOST]);
    expect(hear({ sequence: 8 })).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('takes the rest of the whole state that it began with, and of no other', () => {
    const { hear } = following();
    const events = feedText([TRADE]);
    hear({ kind: 'snapshot', sequence: 1 });
    expect(hear({ kind: 'rest', sequence: 2, events })).toEqual([TRADE]);
    expect(hear({ kind: 'rest', sequence: 3, events })).toEqual([TRADE]);
    hear({ kind: 'events', sequence: 4 });
    hear({ kind: 'snapshot', sequence: 5 });
    expect(hear({ kind: 'rest', sequence: 6, events })).toEqual([]);
    expect(hear({ kind: 'events', sequence: 7, events })).toEqual([TRADE]);
  });

  it('takes changes of a book only once it has its part of a whole state', () => {
    const { hear } = following();
    const [btc, eth] = [BTC_USDT, ETH_USDT].map((one): FeedEvent => {
      return { kind: 'bookUpdate', symbol: one.symbol, exchangeTimeMs: null, bids: [], asks: [] };
    });
    const events = feedText([btc, eth, TRADE].flatMap((event) => event ?? []));
    const counts = { [BTC_USDT.symbol]: 0, [ETH_USDT.symbol]: 0 };
    hear({ kind: 'snapshot', sequence: 1, tradeSequences: counts });
    hear({ kind: 'rest', sequence: 2, told: [BTC_USDT.symbol] });
    expect(hear({ sequence: 3, events })).toEqual([btc, TRADE]);
    expect(hear({ kind: 'rest', sequence: 4, told: [ETH_USDT.symbol], events })).toHaveLength(3);
    expect(hear({ sequence: 5, events })).toEqual([btc, eth, TRADE]);
    expect(hear({ kind: 'snapshot', sequence: 6, tradeSequences: counts })).toEqual([]);
  });

  it('begins again if a reader has left a whole state unfinished', () => {
    const { hear } = following();
    const whole = { kind: 'snapshot', tradeSequences: { [symbol]: 0 } } as const;
    hear({ ...whole, sequence: 1 });
    expect(hear({ ...whole, sequence: 2 })).toMatchObject([LOST, CONNECTED, {}]);
    expect(hear({ kind: 'rest', sequence: 3, events: feedText([TRADE]) })).toEqual([TRADE]);
  });

  it.each(['0', '99999999999999999999'])(
    'counts no trade of %s, as the reader does not',
    (text) => {
      const { hear } = following();
      hear({ kind: 'snapshot', sequence: 1 });
      const nothing = { ...TRADE, tradeId: '8', quantity: quantity(text) };
      expect(
        hear({
          sequence: 2,
          events: feedText([TRADE, nothing, { ...TRADE, tradeId: '9' }]),
          tradeSequences: { [symbol]: 12 },
        }),
      ).toMatchObject([
        { tradeId: '7', sequence: 11 },
        { tradeId: '8' },
        { tradeId: '9', sequence: 12 },
      ]);
    },
  );

  it('continues counting trades where the reader was, including trades that it has not seen', () => {
    const { hear } = following();
    const desk = new TestMarket();
    desk.hearTrade(1);
    const lost: string[] = [];
    desk.market.onTape.add(({ kind }) => lost.push(kind));
    const begun = hear({ kind: 'snapshot', tradeSequences: { [symbol]: 3 } });
    for (const event of begun) desk.markets.apply(event, desk.clock.now());
    desk.trade(1);
    expect(desk.market.tape.newest()?.sequence).toBe(4);
    expect(lost).toEqual(['lost', 'trade']);
  });

  it('begins again with a whole state after a gap', () => {
    const { hear } = following();
    hear({ kind: 'snapshot', sequence: 5 });
    expect(hear({ kind: 'snapshot', sequence: 7 })).toEqual([LOST, CONNECTED]);
  });

  it('trusts nothing after a silence or a gap of the bus', () => {
    const { follower, hear, pass } = following();
    hear({ kind: 'snapshot' });
    expect(pass(1500)).toEqual([]);
    expect(pass(1)).toEqual([LOST]);
    hear({ kind: 'snapshot' });
    expect(follower.hear({ kind: 'gap' }, 0)).toEqual([LOST]);
  });

  it('skips other venues, and a whole state that others asked for', () => {
    const { hear } = following();
    hear({ kind: 'snapshot', sequence: 1 });
    expect(hear({ venue: 'other', sequence: 9 })).toEqual([]);
    expect(hear({ kind: 'snapshot', sequence: 2, events: feedText([TRADE]) })).toEqual([]);
    expect(hear({ sequence: 3, events: feedText([TRADE]) })).toEqual([TRADE]);
  });

  it('reaches the same markets from their whole state, to the last digit', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100, 2 @ 99', '1 @ 101');
    desk.quote(100);
    const copy = new TestMarket();
    copyTo(copy, desk);
    expect(copy.market.book.top(10)).toEqual(desk.market.book.top(10));
    expect(copy.market.quote).toEqual(desk.market.quote);
  });

  it('knows how old everything of a whole state is', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.quote(100);
    const { bookTimes, quote } = desk.market;
    desk.clock.pass(3000);
    const copy = new TestMarket();
    copyTo(copy, desk);
    expect(copy.market.bookTimes).toEqual(bookTimes);
    expect(copy.market.quote).toEqual(quote);
    expect(copy.markets.status().lastMessageAtMs).toBe(quote?.receivedAtMs);
  });

  it('marks a book that the reader has lost, but still shows it', () => {
    const desk = new TestMarket();
    desk.snapshot('1 @ 100', '1 @ 101');
    desk.lose('bookLost');
    const copy = new TestMarket();
    copy.quote(100);
    copyTo(copy, desk);
    expect(copy.market.book.top(10)).toEqual(desk.market.book.top(10));
    expect(copy.market.isSuspended).toBe(true);
  });
});
