// How conflation is counted, and what slow, stalled and silent subscribers receive.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestMarket } from '../test-market.ts';
import { EveryQuote } from './every-quote.ts';
import type { FrameSource } from './frame-source.ts';
import type { QuoteFrame, QuoteUpdate } from './frames.ts';
import { LatestQuote } from './latest-quote.ts';
import { WholeSource } from './whole-source.ts';

const LIMITS = { heartbeatMs: 5000, capacity: 8 };

/** A subscriber that reads by hand. */
class Reader {
  readonly desk = new TestMarket();
  readonly source: FrameSource<QuoteFrame>;

  constructor(mode: 'ALL' | 'LATEST', maxPerSecond: number | null = null) {
    const { market } = this.desk;
    this.source =
      mode === 'ALL'
        ? new WholeSource(new EveryQuote(market), LIMITS)
        : new LatestQuote(market, maxPerSecond, LIMITS);
  }

  open(): this {
    this.source.open(() => undefined, this.desk.clock.now());
    return this;
  }

  read(): QuoteFrame | null {
    return this.source.take(this.desk.clock.now());
  }

  readAll(): QuoteFrame[] {
    const frames: QuoteFrame[] = [];
    for (let frame = this.read(); frame !== null; frame = this.read()) frames.push(frame);
    return frames;
  }
}

const isUpdate = (frame: QuoteFrame): frame is QuoteUpdate => frame.__typename === 'QuoteUpdate';

/** `sequence-previousSequence+conflated` of updates, the name of other frames. */
function short(frame: QuoteFrame): string {
  if (isUpdate(frame)) return `${frame.previousSequence}→${frame.sequence} +${frame.conflated}`;
  if (frame.__typename === 'StreamHeartbeat') return `heartbeat ${frame.sequence}`;
  return `gap ${frame.fromSequence}…${frame.toSequence} ${frame.reason}`;
}

describe('a quote stream', () => {
  it.each(['ALL', 'LATEST'] as const)('in mode %s begins with the current state', (mode) => {
    const reader = new Reader(mode);
    for (let bid = 100; bid < 103; bid += 1) reader.desk.quote(bid);
    reader.open();
    reader.desk.quote(103);
    expect(reader.readAll().map(short).at(0)).toBe(mode === 'ALL' ? '2→3 +0' : '3→4 +0');
  });

  it('in mode ALL sends every quote', () => {
    const reader = new Reader('ALL').open();
    for (let bid = 100; bid < 104; bid += 1) reader.desk.quote(bid);
    const frames = reader.readAll().filter(isUpdate);
    expect(frames.map(({ quote }) => quote.bidPrice)).toEqual([
      '100.00',
      '101.00',
      '102.00',
      '103.00',
    ]);
    expect(frames.map(short)).toEqual(['0→1 +0', '1→2 +0', '2→3 +0', '3→4 +0']);
  });

  it('in mode LATEST merges what was not read in time, and says how much', () => {
    const reader = new Reader('LATEST').open();
    reader.desk.quote(100);
    expect(reader.readAll().map(short)).toEqual(['0→1 +0']);
    for (let bid = 101; bid < 105; bid += 1) reader.desk.quote(bid);
    expect(reader.readAll().map(short)).toEqual(['1→5 +3']);
  });

  it('sends at most maxPerSecond, and the newest quote when it is due', () => {
    const reader = new Reader('LATEST', 10).open();
    reader.desk.quote(100);
    expect(reader.readAll().map(short)).toEqual(['0→1 +0']);
    reader.desk.quote(101);
    expect(reader.readAll()).toEqual([]);
    expect(reader.source.dueAtMs()).toBe(reader.desk.clock.now() + 100);
    reader.desk.quote(102);
    reader.desk.clock.pass(100);
    expect(reader.readAll().map(short)).toEqual(['1→3 +1']);
  });

  it('accounts for every quote, whatever the pace of reading', () => {
    const steps = fc.array(fc.constantFrom('quote', 'read', 'pass'), { maxLength: 120 });
    const rate = fc.constantFrom(null, 1, 10, 50);
    fc.assert(
      fc.property(fc.constantFrom('ALL', 'LATEST'), rate, steps, (mode, maxPerSecond, todo) => {
        const reader = new Reader(mode, mode === 'ALL' ? null : maxPerSecond).open();
        const frames: QuoteFrame[] = [];
        let quotes = 0;
        for (const step of todo) {
          if (step === 'quote') reader.desk.quote(100 + ((quotes += 1) % 7));
          if (step === 'pass') reader.desk.clock.pass(40);
          const frame = step === 'read' ? reader.read() : null;
          if (frame !== null) frames.push(frame);
        }
        reader.desk.clock.pass(1000);
        frames.push(...reader.readAll());
        const updates = frames.filter(isUpdate);
        let follows: string | null = null;
        for (const frame of frames) {
          if (frame.__typename === 'StreamGap') follows = null;
          if (!isUpdate(frame)) continue;
          const { sequence, previousSequence, conflated } = frame;
          expect(Number(sequence) - Number(previousSequence)).toBe(conflated + 1);
          if (follows !== null) expect(previousSequence).toBe(follows);
          follows = sequence;
        }
        expect(updates.at(-1)?.sequence ?? '0').toBe(String(quotes));
        const accounted = updates.reduce((sum, { conflated }) => sum + 1 + conflated, 0);
        const isWhole = frames.every(({ __typename }) => __typename !== 'StreamGap');
        const beforeFirst = Number(updates[0]?.previousSequence ?? 0);
        if (isWhole) expect(beforeFirst + accounted).toBe(quotes);
      }),
      { numRuns: 500 },
    );
  });

  it('sends a gap to a subscriber who does not keep up, and continues with the current state', () => {
    const reader = new Reader('ALL').open();
    reader.desk.quote(100);
    expect(reader.readAll().map(short)).toEqual(['0→1 +0']);
    for (let n = 0; n < 20; n += 1) reader.desk.quote(101 + n);
    expect(reader.source.backlog).toBeLessThanOrEqual(LIMITS.capacity);
    expect(reader.read()).toMatchObject({
      __typename: 'StreamGap',
      instrumentSymbol: 'BTC-USDT',
      fromSequence: '1',
      toSequence: '21',
      reason: 'SLOW_CONSUMER',
    });
    reader.desk.quote(99);
    expect(reader.readAll().map(short)).toEqual(['20→21 +0', '21→22 +0']);
  });

  it.each(['ALL', 'LATEST'] as const)('in mode %s says that it lives when silent', (mode) => {
    const reader = new Reader(mode).open();
    reader.desk.clock.pass(4999);
    expect(reader.readAll()).toEqual([]);
    reader.desk.clock.pass(1);
    expect(reader.readAll()).toMatchObject([
      {
        __typename: 'StreamHeartbeat',
        instrumentSymbol: 'BTC-USDT',
        sequence: '0',
        sourceAgeMs: null,
        stale: null,
      },
    ]);
    reader.desk.clock.pass(4999);
    expect(reader.readAll()).toEqual([]);
  });

  it.each(['ALL', 'LATEST'] as const)('in mode %s tells once that a quote turned stale', (mode) => {
    const reader = new Reader(mode).open();
    reader.desk.quote(100);
    reader.readAll();
    reader.desk.clock.pass(2001);
    expect(reader.readAll()).toMatchObject([
      { __typename: 'StreamHeartbeat', sequence: '1', sourceAgeMs: 2001, stale: true },
    ]);
    reader.desk.clock.pass(100);
    expect(reader.readAll()).toEqual([]);
    reader.desk.quote(101);
    expect(reader.readAll().filter(isUpdate)[0]?.quote.stale).toBe(false);
  });

  it.each(['ALL', 'LATEST'] as const)(
    'in mode %s tells once that the feed was lost, however new the quote is, and that it is back',
    (mode) => {
      const reader = new Reader(mode).open();
      reader.desk.snapshot('1 @ 100', '1 @ 101');
      reader.desk.quote(100);
      reader.readAll();
      const beat = { __typename: 'StreamHeartbeat', sequence: '1', sourceAgeMs: 0 };
      for (const lose of [() => reader.desk.connect(false), () => reader.desk.lose('bookLost')]) {
        lose();
        expect(reader.readAll()).toMatchObject([{ ...beat, stale: true }]);
        expect(reader.readAll()).toEqual([]);
        reader.desk.connect(true);
        reader.desk.snapshot('1 @ 100', '1 @ 101');
        expect(reader.readAll()).toMatchObject([{ ...beat, stale: false }]);
      }
    },
  );

  it.each(['ALL', 'LATEST'] as const)(
    'in mode %s shows no quote as new that came before the clock was set back',
    (mode) => {
      const reader = new Reader(mode).open();
      reader.desk.quote(100);
      reader.readAll();
      reader.desk.clock.pass(-3_600_000);
      expect(reader.readAll()).toMatchObject([
        { __typename: 'StreamHeartbeat', sequence: '1', sourceAgeMs: 3_600_000 },
      ]);
      reader.desk.quote(101);
      expect(reader.readAll().filter(isUpdate)).toMatchObject([
        { quote: { ageMs: 0, stale: false } },
      ]);
    },
  );

  it('stops listening when it is closed', () => {
    const reader = new Reader('ALL').open();
    expect(reader.desk.market.onQuote.size).toBe(1);
    reader.source.close();
    expect(reader.desk.market.onQuote.size).toBe(0);
  });
});
