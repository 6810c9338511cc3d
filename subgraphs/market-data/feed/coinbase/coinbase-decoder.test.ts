// A real session of Coinbase Exchange, and small books for cases that the session lacks.
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import { Markets } from '../../domain/markets.ts';
import { instrument, levels, plain } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { receivedFrames } from '../../test-venue-session.ts';
import { CoinbaseDecoder } from './coinbase-decoder.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';
import { feedEvents, feedText } from '../relay/feed-text.ts';

const path = recordedData('venue-sessions/COINBASE.ws.28.0.gz');
const NAMES =
  'SKL-USD SKL-BTC BAND-GBP NMR-EUR BAND-BTC YFI-BTC DASH-BTC NU-GBP CRV-EUR SKL-GBP'.split(' ');
const TIME = '2021-04-17T16:43:37.075687Z';
const TIME_MS = Date.UTC(2021, 3, 17, 16, 43, 37, 75);

const symbolsOf = (names: readonly string[]) =>
  venueSymbols(
    'coinbase',
    names.map((name) => instrument(name, 8, 8)),
  );
const decoder = () => new CoinbaseDecoder(symbolsOf(['BTC-USD']));
const message = (type: string, more: object, time = TIME) =>
  JSON.stringify({ type, product_id: 'BTC-USD', time, ...more });
const snapshot = (bids: string[][] = [['99', '1.5']], asks: string[][] = [['101', '2']]) =>
  message('snapshot', { bids, asks });
const update = (changes: string[][], time = TIME) => message('l2update', { changes }, time);
const match = (trade_id: number, more: object = {}) =>
  message('match', { trade_id, side: 'sell', price: '100', size: '0.1', ...more });
const ticker = (more: object = {}, time = TIME) =>
  message(
    'ticker',
    { best_bid: '99.5', best_bid_size: '3', best_ask: '100', best_ask_size: '4', ...more },
    time,
  );
const kinds = (events: readonly FeedEvent[]) => events.map(({ kind }) => kind);

describe('the Coinbase session', () => {
  it.skipIf(path === null)('leaves no book crossed at rest, and no trade out', () => {
    const instruments = NAMES.map((name) => instrument(name, 8, 8));
    const own = new CoinbaseDecoder(venueSymbols('coinbase', instruments));
    const markets = new Markets({ instruments, venue: 'coinbase', nowMs: 0 });
    markets.apply({ kind: 'connection', isConnected: true }, 0);
    const counts = new Map<string, number>();
    let crossed = 0;
    for (const frame of receivedFrames(path ?? '')) {
      for (const event of own.frame(frame)) {
        counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
        markets.apply(event, 0);
      }
      for (const { book, quote } of markets.all()) {
        const [bid, ask] = [book.bestBid(), book.bestAsk()];
        if (bid !== null && ask !== null && bid.price >= ask.price) crossed += 1;
        if (bid !== quote?.bid && bid?.price !== quote?.bid?.price) crossed += 1;
      }
    }
    expect(crossed).toBe(0);
    expect(markets.status()).toMatchObject({ state: 'CONNECTED', gapCount: 0 });
    expect(counts.get('bookSnapshot')).toBe(10);
    expect(counts.get('bookUpdate')).toBe(9719);
    expect(counts.get('trade')).toBe(97);
    expect(own.needsSnapshot()).toEqual([]);
  });
});

describe('the Coinbase decoder', () => {
  it('publishes the book with its changes, and a quote whenever its top moves', () => {
    const own = decoder();
    expect(own.needsSnapshot()).toEqual(['BTC-USD']);
    expect(own.frame(update([['buy', '99', '1']]))).toEqual([]);
    const [[bid], [ask], [better]] = [levels('1.5 @ 99'), levels('2 @ 101'), levels('1 @ 100')];
    const place = { symbol: 'BTC-USD', exchangeTimeMs: null };
    expect(plain(own.frame(snapshot()))).toEqual([
      { kind: 'bookSnapshot', ...place, bids: [bid], asks: [ask] },
      { kind: 'quote', ...place, bid, ask },
    ]);
    const at = { symbol: 'BTC-USD', exchangeTimeMs: TIME_MS };
    const [below] = levels('1 @ 98');
    expect(plain(own.frame(update([['buy', '98', '1']])))).toEqual([
      { kind: 'bookUpdate', ...at, bids: [below], asks: [] },
    ]);
    expect(plain(own.frame(update([['sell', '100', '1']])))).toEqual([
      { kind: 'bookUpdate', ...at, bids: [], asks: [better] },
      { kind: 'quote', ...at, bid, ask: better },
    ]);
    expect(own.needsSnapshot()).toEqual([]);
  });

  it('checks a book only after applying all changes of a message', () => {
    const own = decoder();
    own.frame(snapshot());
    const through = [
      ['buy', '101', '1'],
      ['sell', '101', '0'],
    ];
    expect(kinds(own.frame(update(through)))).toEqual(['bookUpdate', 'quote']);
  });

  it.each([
    ['is crossed', update([['buy', '101', '1']]), { isRefuted: true }],
    ['goes back in time', update([['buy', '98', '1']], '2021-04-17T16:43:37.075686Z'), {}],
  ])(
    'says once that a book is lost when it %s, and is whole again with a snapshot',
    (_, frame, proof) => {
      const own = decoder();
      own.frame(snapshot());
      own.frame(update([['buy', '99', '1']]));
      expect(own.frame(frame)).toEqual([{ kind: 'bookLost', symbol: 'BTC-USD', ...proof }]);
      expect(own.frame(update([['buy', '98', '1']]))).toEqual([]);
      expect(own.frame(ticker({}, '2021-04-17T16:43:38Z'))).toEqual([]);
      expect(own.needsSnapshot()).toEqual(['BTC-USD']);
      expect(kinds(own.frame(snapshot()))).toEqual(['bookSnapshot', 'quote']);
      expect(kinds(own.frame(update([['buy', '98', '1']])))).toEqual(['bookUpdate']);
    },
  );

  it('quotes the top of its book again after the clock of the venue was set back', () => {
    const own = decoder();
    own.frame(snapshot());
    own.frame(update([['buy', '99', '1']]));
    expect(kinds(own.frame(ticker({}, '2021-04-17T18:00:00Z')))).toEqual(['quote']);
    own.frame(update([['buy', '98', '1']], '2021-04-17T16:00:00Z'));
    expect(kinds(own.frame(snapshot([['97', '1']])))).toEqual(['bookSnapshot', 'quote']);
    const moved = own.frame(update([['buy', '98', '1']], '2021-04-17T16:00:01Z'));
    expect(kinds(moved)).toEqual(['bookUpdate', 'quote']);
  });

  it('makes no quote of a ticker of an empty side', () => {
    const own = decoder();
    own.frame(snapshot([]));
    expect(own.frame(ticker({ best_bid: '0', best_bid_size: '0.00000000' }))).toEqual([]);
  });

  it('shows no level of a book that is proven wrong, and the last state of one that may be', () => {
    const shown = (frame: string) => {
      const own = decoder();
      const [whole] = own.frame(snapshot());
      own.frame(frame);
      return whole !== undefined && 'book' in whole ? whole.book?.size : null;
    };
    expect(shown(update([['buy', '101', '1']]))).toBe(0);
    expect(shown(snapshot([['101', '1']]))).toBe(0);
    expect(shown(snapshot())).toBe(2);
  });

  it('shows no level of it in another process either, which is told of the events alone', () => {
    const shown = (frame: string) => {
      const own = decoder();
      const there = new Markets({
        instruments: [instrument('BTC-USD', 8, 8)],
        venue: 'coinbase',
        nowMs: 0,
      });
      there.apply({ kind: 'connection', isConnected: true }, 0);
      for (const sent of [snapshot(), update([['buy', '99', '1']]), frame])
        for (const event of feedEvents(feedText(own.frame(sent)))) there.apply(event, 0);
      return [...there.all()].map(({ book, isBookLost }) => [book.size, isBookLost]);
    };
    expect(shown(update([['buy', '101', '1']]))).toEqual([[0, true]]);
    expect(shown(update([['buy', '98', '1']], '2021-04-17T16:43:37.075686Z'))).toEqual([[2, true]]);
  });

  it('refuses a crossed snapshot', () => {
    const own = decoder();
    expect(own.frame(snapshot([['101', '1']]))).toEqual([]);
    expect(own.needsSnapshot()).toEqual(['BTC-USD']);
  });

  it('makes a quote of a ticker that is newer than the book', () => {
    const own = decoder();
    own.frame(snapshot());
    own.frame(update([['buy', '99', '1']]));
    expect(own.frame(ticker())).toEqual([]);
    const [[bid], [ask]] = [levels('3 @ 99.5'), levels('4 @ 100')];
    const newer = '2021-04-17T16:43:37.076Z';
    expect(own.frame(ticker({}, newer))).toEqual([
      { kind: 'quote', symbol: 'BTC-USD', bid, ask, exchangeTimeMs: TIME_MS + 1 },
    ]);
    expect(own.frame(ticker({ best_bid_size: undefined }, newer))).toEqual([]);
    expect(kinds(own.frame(update([['buy', '98', '1']], newer)))).toEqual(['bookUpdate', 'quote']);
  });

  it('publishes no quote older than the last one, even if the venue batched changes before it', () => {
    const own = decoder();
    own.frame(snapshot());
    own.frame(update([['buy', '99', '1']]));
    own.frame(ticker({}, '2021-04-17T16:43:39Z'));
    expect(kinds(own.frame(update([['buy', '99.25', '1']], '2021-04-17T16:43:38Z')))).toEqual([
      'bookUpdate',
    ]);
    const later = update([['buy', '99.5', '2']], '2021-04-17T16:43:40Z');
    expect(kinds(own.frame(later))).toEqual(['bookUpdate', 'quote']);
  });

  it('reads the side of a trade as the maker’s, and reports lost trades', () => {
    const own = decoder();
    expect(own.frame(match(4).replace('"match"', '"last_match"'))).toEqual([]);
    const [level] = levels('0.1 @ 100');
    expect(own.frame(match(5))).toEqual([
      {
        kind: 'trade',
        symbol: 'BTC-USD',
        tradeId: '5',
        ...level,
        aggressorSide: 'BUY',
        exchangeTimeMs: TIME_MS,
      },
    ]);
    expect(own.frame(match(5))).toEqual([]);
    const [, next] = own.frame(match(7, { side: 'buy' }));
    expect(next).toMatchObject({ tradeId: '7', aggressorSide: 'SELL' });
    expect(kinds(own.frame(match(9)))).toEqual(['tradesLost', 'trade']);
  });

  it('skips other messages and products', () => {
    const own = decoder();
    expect(own.frame(message('heartbeat', { sequence: 1, last_trade_id: 4 }))).toEqual([]);
    expect(own.frame('{"type":"subscriptions","channels":[]}')).toEqual([]);
    expect(own.frame(match(1).replace('BTC-USD', 'XRP-USD'))).toEqual([]);
  });

  it.each([
    ['no JSON', '{"type":'],
    ['no object', '7'],
    ['no levels', message('snapshot', { bids: 1, asks: [] })],
    ['no changes', message('l2update', {})],
    ['no side', update([['hold', '99', '1']])],
    ['a price with an exponent', update([['buy', '1e5', '1']])],
    ['no time', update([['buy', '99', '1']], 'today')],
    ['a trade without an id', match(1, { trade_id: undefined })],
    ['a trade without a side', match(1, { side: undefined })],
  ])('refuses a frame with %s, and goes on with the next', (_, frame) => {
    const own = decoder();
    own.frame(snapshot());
    expect(() => own.frame(frame)).toThrow(MalformedFrameError);
    expect(own.frame(update([['buy', '98', '1']]))).toHaveLength(1);
  });
});
