// Kraken's own frames, and a book of few levels whose checksum the test calculates itself.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import { bookChecksum } from '../../domain/book/checksum.ts';
import { instrument, levels, plain } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { KrakenV2Decoder } from './kraken-v2-decoder.ts';
import { MalformedFrameError } from '../frames/malformed-frame.ts';

const recorded = recordedData('kraken-v2/kraken_v2_frames.jsonl');
const BTC_USD = instrument('BTC-USD', 1, 8);
const INSTRUMENTS = [BTC_USD, instrument('ETH-USD', 2, 8), instrument('ETH-BTC', 6, 8)];
const decoder = (depth = 10) => new KrakenV2Decoder(venueSymbols('kraken', INSTRUMENTS), depth);

type LevelText = readonly [price: string, quantity: string];

/** A book message as the venue writes it, of the side that the tests move; one ask stands still. */
function book(
  type: 'snapshot' | 'update',
  changes: readonly LevelText[],
  after: readonly LevelText[],
) {
  const text = (all: readonly LevelText[]) =>
    all.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join();
  const ask: LevelText = ['101.0', '1.00000000'];
  const named = (all: readonly LevelText[]) =>
    all.map(([price, quantity]) => ({ price, quantity }));
  const asks = type === 'snapshot' ? [ask] : [];
  const checksum = bookChecksum(named(after), named([ask]));
  return `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":[${text(changes)}],"asks":[${text(asks)}],"checksum":${checksum},"timestamp":"2026-08-26T15:16:16.637831Z"}]}`;
}

const ONE = ['100.0', '1.50000000'] as const;
const TWO = ['99.5', '2.00000000'] as const;
const GONE = ['100.0', '0.00000000'] as const;
const trade = (tradeId: number, more = '', type = 'update') =>
  `{"channel":"trade","type":"${type}","data":[{"symbol":"BTC/USD","side":"sell","price":75620.2,"qty":0.01733840,"ord_type":"limit","trade_id":${tradeId},"timestamp":"2026-08-26T15:16:16.637831Z"${more}}]}`;
const ticker = (fields: string) =>
  `{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD",${fields}"last":75620.2}]}`;

describe('the Kraken v2 decoder', () => {
  it.skipIf(recorded === null)("finds every checksum of Kraken's own frames equal", () => {
    const own = decoder();
    const kinds = readFileSync(recorded ?? '', 'utf8')
      .trim()
      .split('\n')
      .flatMap((line) => own.frame((JSON.parse(line) as { frame: string }).frame))
      .map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'bookSnapshot')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'bookUpdate')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'venueStatus')).toHaveLength(INSTRUMENTS.length);
    expect(kinds).toHaveLength(5 + INSTRUMENTS.length);
    expect(own.needsSnapshot()).toEqual([]);
  });

  it('publishes the book and its changes to the last digit, with their times', () => {
    const own = decoder();
    const place = { symbol: 'BTC-USD', exchangeTimeMs: Date.UTC(2026, 7, 26, 15, 16, 16, 637) };
    expect(plain(own.frame(book('snapshot', [ONE], [ONE])))).toMatchObject([
      { kind: 'bookSnapshot', ...place, bids: levels('1.5 @ 100'), asks: levels('1 @ 101') },
    ]);
    expect(plain(own.frame(book('update', [TWO], [ONE, TWO])))).toMatchObject([
      { kind: 'bookUpdate', ...place, bids: levels('2 @ 99.5'), asks: [] },
    ]);
  });

  it('reads a level with an exponent, which the checksum proves right', () => {
    const own = decoder();
    own.frame(book('snapshot', [ONE], [ONE]));
    const small = ['99.5', '0.00000015'] as const;
    const sent = book('update', [small], [ONE, small]).replace('0.00000015', '1.5e-7');
    expect(plain(own.frame(sent))).toMatchObject([
      { kind: 'bookUpdate', bids: levels('0.00000015 @ 99.5') },
    ]);
  });

  it('loses only the book of a level whose zeros an exponent hides from the checksum', () => {
    const own = decoder();
    own.frame(book('snapshot', [ONE], [ONE]));
    const sent = book('update', [TWO], [ONE, TWO]).replace('99.5', '9.95e1');
    const hidden = sent.replace('2.00000000', '2e0');
    expect(own.frame(hidden)).toEqual([{ kind: 'bookLost', symbol: 'BTC-USD', isRefuted: true }]);
    expect(own.frame(book('snapshot', [ONE], [ONE]))).toHaveLength(1);
    expect(own.frame(sent)).toHaveLength(1);
  });

  it('cuts levels beyond the subscribed depth, and reports it', () => {
    const eleven = Array.from({ length: 11 }, (_, n): LevelText => [`${100 - n}.0`, '1.00']);
    const own = decoder();
    own.frame(book('snapshot', eleven.slice(1), eleven.slice(1)));
    const [event] = plain(own.frame(book('update', eleven.slice(0, 1), eleven.slice(0, 10))));
    expect(event).toMatchObject({ kind: 'bookUpdate', bids: levels('1 @ 100, 0 @ 90') });
  });

  it('reports a lost book once, and is whole again with a snapshot', () => {
    const own = decoder();
    expect(own.needsSnapshot()).toContain('BTC/USD');
    expect(own.frame(book('update', [TWO], [TWO]))).toEqual([]);
    own.frame(book('snapshot', [ONE, TWO], [ONE, TWO]));
    expect(own.needsSnapshot()).not.toContain('BTC/USD');
    expect(own.frame(book('update', [GONE], [ONE]))).toEqual([
      { kind: 'bookLost', symbol: 'BTC-USD', isRefuted: true },
    ]);
    expect(own.frame(book('update', [GONE], [ONE]))).toEqual([]);
    expect(own.needsSnapshot()).toContain('BTC/USD');
    expect(own.frame(book('snapshot', [ONE], [ONE]))).toHaveLength(1);
    expect(own.frame(book('update', [TWO], [ONE, TWO]))).toHaveLength(1);
  });

  it('treats a message older than the last one as a loss', () => {
    const own = decoder();
    own.frame(book('snapshot', [ONE], [ONE]));
    const old = book('update', [TWO], [ONE, TWO]).replace('15:16:16', '15:16:15');
    expect(own.frame(old)).toEqual([{ kind: 'bookLost', symbol: 'BTC-USD' }]);
  });

  it('refuses a snapshot with a wrong checksum', () => {
    const own = decoder();
    expect(own.frame(book('snapshot', [ONE], [TWO]))).toEqual([]);
    expect(own.needsSnapshot()).toContain('BTC/USD');
  });

  it.each([
    ['online', 'TRADING'],
    ['post_only', 'HALTED'],
    ['cancel_only', 'CANCEL_ONLY'],
    ['maintenance', 'HALTED'],
    ['of a new kind', 'HALTED'],
  ])('halts every instrument as the exchange is %s', (system, status) => {
    const sent = `{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"${system}","api_version":"v2","connection_id":13834774380200032777}]}`;
    const events = INSTRUMENTS.map(({ symbol }) => ({ kind: 'venueStatus', symbol, status }));
    expect(decoder().frame(sent)).toEqual(events);
  });

  it('makes a quote of a ticker, with no level where nobody quotes', () => {
    const [bid] = levels('0.5 @ 75620.2');
    const both = '"bid":75620.2,"bid_qty":0.50000000,"ask":75620.2,"ask_qty":0.50000000,';
    expect(decoder().frame(ticker(both))).toEqual([
      { kind: 'quote', symbol: 'BTC-USD', bid, ask: bid, exchangeTimeMs: null },
    ]);
    const one = '"bid":75620.2,"bid_qty":0.5,"ask":null,"timestamp":"1970-01-01T00:00:01.5Z",';
    expect(decoder().frame(ticker(one))).toMatchObject([{ bid, ask: null, exchangeTimeMs: 1500 }]);
    const zeros = '"bid":75620.2,"bid_qty":0.5,"ask":0.0,"ask_qty":0.00000000,';
    expect(decoder().frame(ticker(zeros))).toMatchObject([{ bid, ask: null }]);
  });

  it('reads the numbers of quotes and trades with an exponent, which JSON allows for small ones', () => {
    const [bid] = levels('12000000 @ 0.00000823');
    const [ask] = levels('0.000005 @ 0.00001');
    const small = '"bid":8.23e-6,"bid_qty":1.2e7,"ask":1e-05,"ask_qty":5.00e-6,';
    expect(decoder().frame(ticker(small))).toMatchObject([{ bid, ask }]);
    const dust = trade(7).replace('0.01733840', '5e-6');
    expect(decoder().frame(dust)).toMatchObject([{ kind: 'trade', quantity: ask?.quantity }]);
  });

  it('publishes trades with the taker’s side, and reports lost trades', () => {
    const own = decoder();
    expect(own.frame(trade(6, '', 'snapshot'))).toEqual([]);
    const [level] = levels('0.0173384 @ 75620.2');
    expect(own.frame(trade(7))).toEqual([
      {
        kind: 'trade',
        symbol: 'BTC-USD',
        tradeId: '7',
        ...level,
        aggressorSide: 'SELL',
        exchangeTimeMs: Date.UTC(2026, 7, 26, 15, 16, 16, 637),
      },
    ]);
    expect(own.frame(trade(7))).toEqual([]);
    expect(own.frame(trade(9)).map(({ kind }) => kind)).toEqual(['tradesLost', 'trade']);
  });

  it('skips other channels, responses and instruments', () => {
    const own = decoder();
    for (const frame of [
      '{"channel":"heartbeat"}',
      '{"method":"subscribe","success":true,"result":{"channel":"book","symbol":"BTC/USD"}}',
      trade(1).replace('BTC/USD', 'DOGE/USD'),
    ])
      expect(own.frame(frame)).toEqual([]);
  });

  it.each([
    ['no JSON', '{"channel":"book"'],
    ['no object', '"text"'],
    ['no type', '{"channel":"book","data":[]}'],
    ['no data', '{"channel":"trade","type":"update"}'],
    ['a level with an exponent out of range', book('update', [TWO], [TWO]).replace('99.5', '9e99')],
    ['no status', '{"channel":"status","type":"update","data":[{}]}'],
    ['a negative price', trade(1).replace('75620.2', '-1')],
    ['no side', trade(1).replace('sell', 'hold')],
    ['no trade id', trade(1).replace('"trade_id":1,', '')],
    ['no checksum', book('update', [ONE], [ONE]).replace('checksum', 'sum')],
    ['levels that are none', ticker('"bid":{},')],
  ])('refuses a frame with %s, and goes on with the next', (_, frame) => {
    const own = decoder();
    own.frame(book('snapshot', [ONE], [ONE]));
    expect(() => own.frame(frame)).toThrow(MalformedFrameError);
    expect(own.frame(book('update', [TWO], [ONE, TWO]))).toHaveLength(1);
  });
});
