// The quick way of reading frames against the general one: on real recordings, and on frames with
// any character replaced. A space after the first brace is the same JSON in no known layout, so that
// it is read in the general way.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { venueSymbols, type Venue } from '../../domain/catalog/catalog.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { instrument, plain } from '../../test-market.ts';
import { recordedData } from '../../test-recordings.ts';
import { krakenSecondVersion, receivedFrames } from '../../test-venue-session.ts';
import { binanceFrame } from '../binance/binance-layouts.ts';
import { BinanceSpotDecoder } from '../binance/binance-spot-decoder.ts';
import { coinbaseFrame, coinbaseUpdateEvents } from '../coinbase/coinbase-layouts.ts';
import { CoinbaseDecoder } from '../coinbase/coinbase-decoder.ts';
import { FrameCursor } from './frame-cursor.ts';
import { FrameWords } from './frame-words.ts';
import { krakenBookEvents } from '../kraken/kraken-layouts.ts';
import { KrakenV2Decoder } from '../kraken/kraken-v2-decoder.ts';
import { MalformedFrameError } from './malformed-frame.ts';

const CHARACTERS = [...'0123456789.-eE",:[]{} axu\\éİ'];
const NO_WORDS = new FrameWords(new Map<string, never>());
const cursor = new FrameCursor();
const symbolsOf = (venue: Venue, names: string) =>
  venueSymbols(
    venue,
    names.split(' ').map((name) => instrument(name, 8, 8)),
  );

const VENUES = [
  {
    name: 'binance',
    file: 'binance-spot/spot_ethusdt_20240808.gz',
    frames: (path: string) =>
      gunzipSync(readFileSync(path))
        .toString('utf8')
        .split('\n', 6000)
        .map((line) => line.slice(line.indexOf(' ') + 1)),
    decode: () => {
      const decoder = new BinanceSpotDecoder(symbolsOf('binance', 'ETH-USDT'));
      return (text: string): readonly FeedEvent[] =>
        text.includes('lastUpdateId')
          ? decoder.snapshot('ETHUSDT', JSON.parse(text))
          : decoder.sent(Buffer.from(text));
    },
    isQuick: (text: string) =>
      text.includes('lastUpdateId') || binanceFrame(text, NO_WORDS, cursor) !== null,
  },
  {
    name: 'kraken',
    file: 'venue-sessions/KRAKEN.ws.50.0.gz',
    frames: (path: string) =>
      receivedFrames(path).flatMap((text) => krakenSecondVersion(text) ?? []),
    decode: () => {
      const decoder = new KrakenV2Decoder(symbolsOf('kraken', 'XMR-USD ETH-CHF SC-EUR'), 1000);
      return (text: string): readonly FeedEvent[] => decoder.frame(Buffer.from(text));
    },
    isQuick: (text: string) => krakenBookEvents(text, NO_WORDS, cursor) !== null,
  },
  {
    name: 'coinbase',
    file: 'venue-sessions/COINBASE.ws.28.0.gz',
    // Tickers of today have two more fields than the recorded ones.
    frames: (path: string) =>
      receivedFrames(path).flatMap((text) =>
        text.startsWith('{"type":"ticker"') ? [text, ofToday(text)] : [text],
      ),
    decode: () => {
      const decoder = new CoinbaseDecoder(symbolsOf('coinbase', 'SKL-USD NMR-EUR DASH-BTC'));
      return (text: string): readonly FeedEvent[] => decoder.frame(Buffer.from(text));
    },
    isQuick: (text: string) =>
      !/"type":"(snapshot|l2update|match|ticker)"/.test(text) ||
      coinbaseUpdateEvents(text, NO_WORDS, cursor) !== null ||
      coinbaseFrame(text, NO_WORDS, cursor) !== null,
  },
] as const;

const ofToday = (ticker: string) =>
  ticker
    .replace('","best_ask":"', '","best_bid_size":"1.50","best_ask":"')
    .replace('","side":"', '","best_ask_size":"25","side":"');

const inGeneral = (text: string) => text.replace('{', '{ ');

/** The events, or that the frame was refused. */
function outcome(decode: (text: string) => readonly FeedEvent[], text: string) {
  try {
    return plain(decode(text));
  } catch (cause) {
    if (cause instanceof MalformedFrameError || cause instanceof SyntaxError) return 'malformed';
    throw cause;
  }
}

describe.each(VENUES)('the layouts of $name', ({ file, frames, decode, isQuick }) => {
  const path = recordedData(file);

  it.skipIf(path === null)('read every recorded frame as the general way does', () => {
    const [quick, general] = [decode(), decode()];
    for (const frame of frames(path ?? '')) {
      expect(isQuick(frame)).toBe(true);
      const [events, expected] = [quick(frame), general(inGeneral(frame))];
      if (events.length + expected.length > 0) expect(plain(events)).toEqual(plain(expected));
    }
  });

  it.skipIf(path === null)('read no frame otherwise, whatever is in it', () => {
    const all = frames(path ?? '').slice(0, 3000);
    const short = all.filter((frame) => frame.length < 1000);
    const before = all.filter((frame) => frame.length >= 1000).slice(0, 12);
    const change = fc.tuple(fc.nat(), fc.constantFrom(...CHARACTERS), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.nat(), fc.array(change, { minLength: 1, maxLength: 2 }), (at, changes) => {
        let frame = short[at % short.length] ?? '';
        for (const [position, character, removed] of changes) {
          const index = 1 + (position % (frame.length - 1));
          frame = frame.slice(0, index) + character + frame.slice(index + removed);
        }
        const [quick, general] = [decode(), decode()];
        for (const each of before) {
          quick(each);
          general(each);
        }
        expect(outcome(quick, frame)).toEqual(outcome(general, inGeneral(frame)));
      }),
      { numRuns: 150 },
    );
  });
});
