import { describe, expect, it } from 'vitest';
import { BinanceSubscriptions } from './binance-subscriptions.ts';

/** As many as fit on a connection of 1,024 streams, with the longest names of the venue. */
const MOST = Array.from({ length: 341 }, (_, index) => `1000000MOG${1000 + index}FDUSD`);

interface Request {
  readonly params: readonly string[];
  readonly id: number;
}

const requestsOf = (own: BinanceSubscriptions) =>
  own.requests.map((text) => JSON.parse(text) as Request);

describe("Binance's subscriptions", () => {
  it('are asked for in a few messages of bounded length, each stream once', () => {
    const own = new BinanceSubscriptions(MOST);
    const streams = requestsOf(own).flatMap(({ params }) => params);
    expect(new Set(streams).size).toBe(3 * MOST.length);
    expect(streams).toContain('1000000mog1340fdusd@depth@100ms');
    // The venue closes a connection that sends more than five in a second.
    expect(own.requests.length).toBeLessThanOrEqual(5);
    expect(Math.max(...own.requests.map((text) => text.length))).toBeLessThan(8000);
    expect(new Set(requestsOf(own).map(({ id }) => id)).size).toBe(own.requests.length);
  });

  it('count as followed once the venue has confirmed them, request by request', () => {
    const own = new BinanceSubscriptions(MOST);
    const [first, ...others] = requestsOf(own);
    expect(own.isFollowed(MOST[0] ?? '')).toBe(false);
    own.hear(`{"result":null,"id":${first?.id}}`);
    expect(own.isFollowed(MOST[0] ?? '')).toBe(true);
    expect(own.isFollowed(MOST.at(-1) ?? '')).toBe(false);
    expect(own.isAnswered).toBe(false);
    for (const { id } of others) own.hear(`{"result":null,"id":${id}}`);
    expect(own.isAnswered).toBe(true);
    expect(MOST.every((symbol) => own.isFollowed(symbol))).toBe(true);
  });

  it.each(['{"error":{"code":2,"msg":"Invalid request"},"id":1}', '{"code":2,"msg":"no","id":1}'])(
    'are answered, and not followed, after %s',
    (refusal) => {
      const own = new BinanceSubscriptions(['BTCUSDT']);
      own.hear('{"stream":"btcusdt@trade","data":{"id":1}}');
      expect(own.isAnswered).toBe(false);
      own.hear(refusal);
      expect(own.isAnswered).toBe(true);
      expect(own.isFollowed('BTCUSDT')).toBe(false);
    },
  );

  it('are asked for one by one where the venue refused them together', () => {
    const own = new BinanceSubscriptions(['BTCUSDT', 'ETHUSDT']);
    own.hear('{"error":{"code":2,"msg":"Invalid request"},"id":1}');
    expect([...own.refused]).toEqual(['BTCUSDT', 'ETHUSDT']);
    const [first, second] = [...own.refused].map(
      (symbol) => JSON.parse(own.requestAlone(symbol)) as Request,
    );
    expect(first?.params).toContain('btcusdt@trade');
    expect(new Set([1, first?.id, second?.id]).size).toBe(3);
    own.hear(`{"result":null,"id":${first?.id}}`);
    own.hear(`{"code":2,"msg":"no","id":${second?.id}}`);
    expect([...own.refused]).toEqual(['ETHUSDT']);
    expect([own.isFollowed('BTCUSDT'), own.isFollowed('ETHUSDT')]).toEqual([true, false]);
    expect(own.isConfirmed).toBe(false);
    own.hear(`{"result":null,"id":${second?.id}}`);
    expect(own.isConfirmed).toBe(true);
  });

  it('of a connection that takes the place of another are the same, but for what it was refused', () => {
    const early = new BinanceSubscriptions(MOST, new BinanceSubscriptions(MOST));
    expect(early.requests).toEqual(new BinanceSubscriptions(MOST).requests);
    expect([early.isAnswered, early.isConfirmed]).toEqual([false, false]);
    const old = new BinanceSubscriptions(['BTCUSDT', 'GONEUSDT', 'ETHUSDT']);
    old.hear('{"code":2,"msg":"no","id":1}');
    const idOf = (own: BinanceSubscriptions, symbol: string) =>
      (JSON.parse(own.requestAlone(symbol)) as Request).id;
    old.hear(`{"result":null,"id":${idOf(old, 'BTCUSDT')}}`);
    const own = new BinanceSubscriptions(['BTCUSDT', 'GONEUSDT', 'ETHUSDT'], old);
    expect(requestsOf(own).map(({ params }) => params[0])).toEqual(['btcusdt@bookTicker']);
    expect([...own.refused]).toEqual(['GONEUSDT', 'ETHUSDT']);
    expect([own.isAnswered, own.isConfirmed]).toEqual([false, false]);
    own.hear('{"result":null,"id":1}');
    expect([own.isAnswered, own.isConfirmed]).toEqual([true, true]);
    // What the other one gets meanwhile would be missing.
    old.hear(`{"result":null,"id":${idOf(old, 'ETHUSDT')}}`);
    expect(own.isConfirmed).toBe(false);
    own.hear(`{"result":null,"id":${idOf(own, 'ETHUSDT')}}`);
    expect([own.isConfirmed, [...own.refused]]).toEqual([true, ['GONEUSDT']]);
  });

  it('of nothing are none', () => {
    expect(new BinanceSubscriptions([])).toMatchObject({
      requests: [],
      isAnswered: true,
      isConfirmed: true,
    });
  });
});
