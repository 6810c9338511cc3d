import { describe, expect, it } from 'vitest';
import type { Instrument } from '#shared/domain/instrument.ts';
import { VenueMarkets } from '../domain/venue-markets.ts';
import { BTC_USDT, ETH_USDT, TestClock, trade } from '../test-market.ts';
import { binanceProtocol } from './live/binance-protocol.ts';
import { VenueRequests } from './live/venue-requests.ts';
import { decideHomes, openMarkets } from './open-markets.ts';
import type { OpenFeed } from './open-feed.ts';

/** A venue that has these, and has told so, or has not told anything in time. */
function venue(name: string, instruments: readonly Instrument[], isTold: boolean): OpenFeed {
  const feed = {
    venue: name,
    isPausable: false,
    events: async function* () {
      // It is never read.
    },
  };
  const listings = isTold ? new Map(instruments.map(({ symbol }) => [symbol, null])) : null;
  return {
    feed,
    instruments,
    listed: { protocol: binanceProtocol(), requests: new VenueRequests(), listings },
  };
}

const BOTH = [BTC_USDT, ETH_USDT];

describe('the home of an instrument', () => {
  it.each([
    ['the first venue that has it', [venue('a', BOTH, true), venue('b', BOTH, true)], 'a', 'a'],
    ['where it is listed', [venue('a', [BTC_USDT], true), venue('b', BOTH, true)], 'a', 'b'],
    [
      'not a venue with an unread list while another venue is known to have it',
      [venue('a', BOTH, false), venue('b', [BTC_USDT], true)],
      'b',
      'a',
    ],
    [
      'the first venue while no list has been read',
      [venue('a', BOTH, false), venue('b', BOTH, false)],
      'a',
      'a',
    ],
    ['the first venue if none has it', [venue('a', [BTC_USDT], true)], 'a', 'a'],
  ])('is %s', (_, feeds, ofBtc, ofEth) => {
    const history = new Map([[BTC_USDT.symbol, { trades: [trade(1, '1 @ 100')], candles: [] }]]);
    const opened = openMarkets(feeds, {
      ...{ instruments: BOTH, homes: new Map<string, string>(), history },
      clock: new TestClock(),
    });
    const markets = new VenueMarkets(opened);
    expect(markets.get('BTC-USDT')?.venue).toBe(ofBtc);
    expect(markets.get('ETH-USDT')?.venue).toBe(ofEth);
    const [home, ...others] = markets.ofEveryVenue('BTC-USDT');
    expect(home).toBe(markets.get('BTC-USDT'));
    expect(home?.tradeSequence).toBe(1);
    expect(others.every(({ tradeSequence }) => tradeSequence === 0)).toBe(true);
  });

  it.each([
    ['even while its list is unread', [venue('a', BOTH, false), venue('b', BOTH, true)], 'a', 'a'],
    [
      'even if another venue precedes it',
      [venue('b', BOTH, true), venue('a', BOTH, true)],
      'a',
      'a',
    ],
    [
      'unless it no longer lists the instrument',
      [venue('a', [BTC_USDT], true), venue('b', BOTH, true)],
      'a',
      'b',
    ],
    ['but not where it is not followed', [venue('b', BOTH, true)], 'b', 'b'],
  ])('stays what it was, %s', (_, feeds, ofBtc, ofEth) => {
    const known = new Map([
      ['BTC-USDT', 'a'],
      ['ETH-USDT', 'a'],
    ]);
    const homes = decideHomes(BOTH, feeds, known);
    expect([homes.get('BTC-USDT'), homes.get('ETH-USDT')]).toEqual([ofBtc, ofEth]);
    const desk = { instruments: BOTH, homes, history: new Map(), clock: new TestClock() };
    const markets = new VenueMarkets(openMarkets(feeds, desk));
    expect(markets.get('BTC-USDT')?.venue).toBe(ofBtc);
    expect(markets.get('ETH-USDT')?.venue).toBe(ofEth);
  });

  it.each([
    ['is not decided', new Map<string, string>(), undefined],
    ['stays what it was', new Map([['ETH-USDT', 'b']]), 'b'],
  ])('%s while no venue has the instrument', (_, known, expected) => {
    const decided = decideHomes(BOTH, [venue('a', [BTC_USDT], true)], known);
    expect({ ...Object.fromEntries(known), ...Object.fromEntries(decided) }).toEqual({
      'BTC-USDT': 'a',
      'ETH-USDT': expected,
    });
  });
});
