import { describe, expect, it } from 'vitest';
import { TestMarket } from '../test-market.ts';
import { CandleChanges } from './candle-changes.ts';
import { EveryTrade } from './every-trade.ts';
import type { FrameSource } from './frame-source.ts';
import type { CandleFrame, TickerFrame, TradeFrame } from './frames.ts';
import { LatestTicker } from './latest-ticker.ts';
import { WholeSource } from './whole-source.ts';

const LIMITS = { heartbeatMs: 5000, capacity: 5 };

function readAll<Frame>(source: FrameSource<Frame>, desk: TestMarket): Frame[] {
  const frames: Frame[] = [];
  for (;;) {
    const frame = source.take(desk.clock.now());
    if (frame === null) return frames;
    frames.push(frame);
  }
}

describe('a trade stream', () => {
  const open = (desk: TestMarket): FrameSource<TradeFrame> => {
    const source = new WholeSource(new EveryTrade(desk.market), LIMITS);
    source.open(() => undefined, desk.clock.now());
    return source;
  };

  it('begins with the newest trades, newest first, then sends each', () => {
    const desk = new TestMarket();
    for (let n = 0; n < 60; n += 1) desk.trade(n);
    const source = open(desk);
    desk.trade(60);
    const [snapshot, update] = readAll(source, desk);
    expect(snapshot).toMatchObject({ __typename: 'TradeSnapshot', sequence: '60' });
    const trades = snapshot?.__typename === 'TradeSnapshot' ? snapshot.trades : [];
    expect(trades.map(({ sequence }) => sequence).slice(0, 2)).toEqual(['60', '59']);
    expect(trades).toHaveLength(50);
    expect(update).toMatchObject({ sequence: '61', previousSequence: '60' });
  });

  it('reports trades that the feed lost, and begins again', () => {
    const desk = new TestMarket();
    const source = open(desk);
    desk.trade(1);
    readAll(source, desk);
    desk.lose('tradesLost');
    desk.trade(2);
    expect(readAll(source, desk)).toMatchObject([
      { __typename: 'StreamGap', reason: 'FEED_GAP', fromSequence: '1', toSequence: '2' },
      { __typename: 'TradeSnapshot', sequence: '2' },
    ]);
  });

  it('reports trades that may have been published while the connection was lost, or to another process', () => {
    const desk = new TestMarket();
    const source = open(desk);
    desk.trade(1);
    readAll(source, desk);
    desk.connect(false);
    desk.connect(true);
    desk.trade(2);
    expect(readAll(source, desk)).toMatchObject([
      { __typename: 'StreamGap', reason: 'FEED_GAP', fromSequence: '1', toSequence: '2' },
      { __typename: 'TradeSnapshot', sequence: '2' },
    ]);
    desk.hearTrade(9);
    desk.hearTrade(10);
    expect(readAll(source, desk)).toMatchObject([
      { __typename: 'StreamGap', reason: 'FEED_GAP', fromSequence: '2', toSequence: '10' },
      { __typename: 'TradeSnapshot', sequence: '10' },
    ]);
    desk.hearTrade(11);
    expect(readAll(source, desk)).toMatchObject([{ sequence: '11', previousSequence: '10' }]);
  });

  it('forgets what only this process counted, when another process continues the count', () => {
    const desk = new TestMarket();
    for (let n = 0; n < 5; n += 1) desk.trade(n);
    const source = open(desk);
    readAll(source, desk);
    desk.hearTrade(3);
    expect(readAll(source, desk)).toMatchObject([
      { __typename: 'StreamGap', reason: 'FEED_GAP', fromSequence: '5' },
      { __typename: 'TradeSnapshot', sequence: '3' },
    ]);
    expect(desk.market.tape.latest(9).map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
    expect(desk.market.newestCandle('ONE_MINUTE')).toMatchObject({ loss: 'FEED_LOST' });
  });

  it('sends a gap to a slow reader, and the newest trades after it', () => {
    const desk = new TestMarket();
    const source = open(desk);
    readAll(source, desk);
    for (let n = 0; n < 10; n += 1) desk.trade(n);
    expect(readAll(source, desk)).toMatchObject([
      { __typename: 'StreamGap', reason: 'SLOW_CONSUMER', fromSequence: '0', toSequence: '10' },
      { __typename: 'TradeSnapshot', sequence: '10' },
    ]);
    desk.trade(11);
    expect(readAll(source, desk)).toMatchObject([{ sequence: '11', previousSequence: '10' }]);
  });
});

describe('a candle stream', () => {
  const open = (desk: TestMarket): FrameSource<CandleFrame> => {
    const source = new CandleChanges(desk.market, 'ONE_SECOND', LIMITS);
    source.open(() => undefined, desk.clock.now());
    return source;
  };
  /** `sequence: closeTime count closed`. */
  const short = (frame: CandleFrame) =>
    frame.__typename === 'CandleUpdate'
      ? `${frame.sequence}: ${frame.candle.openTime.slice(17, 19)} n${frame.candle.tradeCount}${frame.candle.closed ? ' closed' : ''}`
      : frame.__typename;

  it('begins with the current candle and sends the forming one at most once a second', () => {
    const desk = new TestMarket();
    desk.trade(0);
    const source = open(desk);
    expect(readAll(source, desk).map(short)).toEqual(['1: 00 n1']);
    desk.trade(1);
    expect(readAll(source, desk)).toEqual([]);
    desk.trade(2);
    desk.clock.pass(1000);
    expect(readAll(source, desk).map(short)).toEqual(['2: 00 n3']);
  });

  it('sends every closed candle exactly once, at once and in order', () => {
    const desk = new TestMarket();
    const source = open(desk);
    for (const atMs of [0, 10, 1000, 3000]) desk.trade(atMs);
    expect(readAll(source, desk).map(short)).toEqual([
      '1: 00 n2 closed',
      '2: 01 n1 closed',
      '3: 02 n0 closed',
      '4: 03 n1',
    ]);
  });

  it('sends a correction as a new revision', () => {
    const desk = new TestMarket();
    const source = open(desk);
    for (const atMs of [0, 1000, 500]) desk.trade(atMs);
    expect(readAll(source, desk).map(short)).toContain('2: 00 n2 closed');
  });

  it('sends a gap to a slow reader that missed candles', () => {
    const desk = new TestMarket();
    const source = open(desk);
    for (let second = 0; second < 20; second += 1) desk.trade(second * 1000);
    expect(readAll(source, desk).map(short)).toEqual(['StreamGap', '1: 19 n1']);
  });
});

describe('a ticker stream', () => {
  const open = (desk: TestMarket): FrameSource<TickerFrame> => {
    const source = new LatestTicker(desk.market, LIMITS);
    source.open(() => undefined, desk.clock.now());
    return source;
  };
  /** `sequence: tradeCount`, and whether it is stale. */
  const short = (frame: TickerFrame) =>
    frame.__typename === 'TickerUpdate'
      ? `${frame.sequence}: n${frame.ticker.tradeCount}${frame.ticker.stale ? ' stale' : ''}`
      : frame.__typename;

  it('begins with the current ticker and sends changes at most once a second', () => {
    const desk = new TestMarket();
    desk.trade(0);
    const source = open(desk);
    expect(readAll(source, desk).map(short)).toEqual(['1: n1']);
    expect(readAll(source, desk)).toEqual([]);
    desk.trade(1);
    desk.trade(2);
    expect(readAll(source, desk)).toEqual([]);
    expect(source.dueAtMs()).toBe(desk.clock.now() + 1000);
    desk.clock.pass(1000);
    expect(readAll(source, desk).map(short)).toEqual(['2: n3']);
  });

  it('sends nothing but heartbeats before the first trade', () => {
    const desk = new TestMarket();
    const source = open(desk);
    expect(readAll(source, desk)).toEqual([]);
    desk.clock.pass(5000);
    expect(readAll(source, desk)).toMatchObject([{ __typename: 'StreamHeartbeat', sequence: '0' }]);
    desk.trade(5000);
    expect(readAll(source, desk).map(short)).toEqual(['1: n1']);
  });

  it('moves forward with each minute, and drops what was traded a day ago', () => {
    const desk = new TestMarket();
    desk.trade(0);
    const source = open(desk);
    expect(readAll(source, desk).map(short)).toEqual(['1: n1']);
    expect(source.dueAtMs()).toBe(desk.clock.now() + 60_000);
    desk.clock.pass(60_000);
    expect(readAll(source, desk).map(short)).toEqual(['2: n1']);
    expect(source.dueAtMs()).toBe(desk.clock.now() + 60_000);
    desk.clock.pass(86_400_000);
    expect(readAll(source, desk)).toMatchObject([{ __typename: 'StreamHeartbeat', sequence: '2' }]);
    expect(source.dueAtMs()).toBeNull();
    desk.clock.pass(1000);
    desk.trade(86_500_000);
    expect(readAll(source, desk).map(short)).toEqual(['3: n1']);
  });

  it('reports at once that the feed is lost', () => {
    const desk = new TestMarket();
    desk.trade(0);
    const source = open(desk);
    readAll(source, desk);
    desk.clock.pass(1000);
    desk.connect(false);
    expect(readAll(source, desk).map(short)).toEqual(['2: n1 stale']);
  });
});
