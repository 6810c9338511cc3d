// Live feeds against a venue that plays real recordings over a real socket and fails as venues do.
// Whatever happens, every book that is not marked as suspended is one that the venue has had.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { plain } from '../../test-market.ts';
import { FrameRecorder } from '../recording/frame-recorder.ts';
import { recordedData } from '../../test-recordings.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import type { FrameTap } from './frame-tap.ts';
import { LiveFeed } from './live-feed.ts';
import { playedAgain, SILENCE, TestFollower, TIMING, until } from './test-follower.ts';
import { TestVenue } from './test-venue.ts';
import { binanceScript, coinbaseScript, krakenScript } from './test-venue-script.ts';
import { addressAt } from './venue-addresses.ts';

const VENUES = [
  ['binance', 'binance-spot/spot_btcusdt_20240808.gz', binanceScript],
  ['kraken', 'venue-sessions/KRAKEN.ws.50.0.gz', krakenScript],
  ['coinbase', 'venue-sessions/COINBASE.ws.28.0.gz', coinbaseScript],
] as const;

/** A public trade of these venues at a time. */
const TRADE_AT: Readonly<Record<string, (symbol: string, atMs: number) => string>> = {
  binance: (symbol, atMs) =>
    `{"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":1,"s":"${symbol}","t":9000000000000000,"p":"1.00","q":"1.00","T":${atMs},"m":true,"M":true}}`,
  kraken: (symbol, atMs) =>
    `{"channel":"trade","type":"update","data":[{"symbol":"${symbol}","side":"buy","price":1.0,"qty":1.0,"trade_id":9000000000000000,"timestamp":"${new Date(atMs).toISOString()}"}]}`,
  coinbase: (symbol, atMs) =>
    `{"type":"match","trade_id":9000000000000000,"side":"buy","size":"1","price":"1","product_id":"${symbol}","time":"${new Date(atMs).toISOString()}"}`,
};

/** The last time that a client can name, and the last one that a message of Binance can. */
const LAST_MS = Date.UTC(9999, 11, 31);
const LAST_OF_BINANCE_MS = 9e15;
const HOUR_MS = 60 * 60 * 1000;

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.toReversed()) await stop();
  stops = [];
});

describe.each(VENUES)('the live feed of %s', (name, file, scriptOf) => {
  const path = recordedData(file);

  async function connected(timing: Partial<ConnectionTiming> = {}, tap?: FrameTap) {
    const script = scriptOf(path ?? '');
    const venue = await TestVenue.start(script);
    const follower = new TestFollower(script, venue.origin, { ...TIMING, ...timing }, { tap });
    stops.push(
      () => venue.stop(),
      () => follower.stop(),
    );
    await follower.untilRight();
    return { venue, follower };
  }

  it.skipIf(path === null)('follows the venue over one connection', async () => {
    const { venue, follower } = await connected();
    for (let turn = 0; turn < 5; turn += 1) {
      venue.play(200);
      await follower.untilRight();
    }
    expect(follower.markets.status()).toMatchObject({ state: 'CONNECTED', gapCount: 0 });
    expect(venue.connections).toBe(1);
    expect(follower.wrong).toBe(0);
  });

  it.skipIf(path === null).each([
    ['a cut', (venue: TestVenue) => venue.cut()],
    ['a close', (venue: TestVenue) => venue.close()],
    ['a half-close', (venue: TestVenue) => venue.halfClose()],
    ['a stall', (venue: TestVenue) => venue.stall()],
    ['garbage', (venue: TestVenue) => venue.babble()],
  ])('is suspended after %s, and right again over a new connection', async (what, fault) => {
    const { venue, follower } = await connected(what === 'a stall' ? SILENCE : {});
    venue.play(100);
    fault(venue);
    venue.lose(100);
    await until(() => venue.connections > 1);
    await follower.untilRight();
    venue.play(100);
    await follower.untilRight();
    expect(follower.markets.status()).toMatchObject({ state: 'CONNECTED', reconnects: 1 });
    expect(follower.wrong).toBe(0);
  });

  it.skipIf(path === null).each([
    [
      'more than a day ahead of our clock',
      () => (name === 'binance' ? LAST_OF_BINANCE_MS : LAST_MS),
    ],
    ['an hour ahead of the others', (newestMs: number) => newestMs + HOUR_MS],
  ])('believes no time that is %s', async (_, timeOf) => {
    const { venue, follower } = await connected();
    venue.play(100);
    await until(() => follower.newestMs !== null);
    await follower.untilRight();
    const [symbol = ''] = follower.script.truth.symbols.keys();
    const atMs = timeOf(follower.newestMs ?? 0);
    venue.say(TRADE_AT[name]?.(symbol, atMs) ?? '');
    await until(() => venue.connections > 1);
    await follower.untilRight();
    expect(follower.newestMs).toBeLessThan(atMs);
  });

  it.skipIf(path === null)('is made again before the venue would end it', async () => {
    const { venue, follower } = await connected({ maxAgeMs: 300 });
    await until(() => venue.connections > 2);
    venue.play(50);
    await follower.untilRight();
    expect(follower.wrong).toBe(0);
  });

  it.skipIf(path === null)('can be recorded, and played again to the same books', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deskgraph-frames-'));
    const recorder = new FrameRecorder(folder, name, Date.now());
    const { venue, follower } = await connected({}, recorder);
    venue.play(100);
    venue.cut();
    venue.lose(20);
    await until(() => venue.connections > 1);
    await follower.untilRight();
    venue.play(100);
    await follower.untilRight();
    await follower.stop();
    await recorder.end();
    const again = await playedAgain(follower.script, folder);
    expect(plain(again)).toEqual(plain(follower.heard.slice(0, again.length)));
    // Stopping is told by nobody else.
    expect(follower.heard.length - again.length).toBeLessThanOrEqual(1);
    expect(again.filter(({ kind }) => kind === 'connection')).toHaveLength(4);
    await rm(folder, { recursive: true });
  });

  it.skipIf(path === null)('comes back when the venue is refusing for a while', async () => {
    const { venue, follower } = await connected();
    venue.refusals = 3;
    venue.cut();
    await until(() => venue.refusals < 0);
    await follower.untilRight();
    expect(venue.connections).toBe(2);
    expect(follower.wrong).toBe(0);
  });

  it.skipIf(path === null)('asks again for a book that does not come', async () => {
    const { venue, follower } = await connected();
    venue.failures = 4;
    venue.cut();
    await until(() => venue.failures < 0);
    await follower.untilRight();
    expect(follower.wrong).toBe(0);
  });

  it.skipIf(path === null)('does not take a quiet market for a dead venue', async () => {
    const { venue, follower } = await connected(SILENCE);
    // One is sent after each quiet time, so these take longer than a silence may last.
    await until(() => venue.pings > (2 * SILENCE.silentMs) / TIMING.quietMs);
    expect(venue.connections).toBe(1);
    expect(follower.markets.status().state).toBe('CONNECTED');
  });

  // Coinbase's changes have no number, so that a lost one shows only where the book is crossed.
  if (name === 'coinbase') return;
  it.skipIf(path === null)(
    'marks a book with a hole at once, and rebuilds it over the same connection',
    async () => {
      const { venue, follower } = await connected();
      const before = venue.snapshots;
      for (let turn = 0; turn < 5; turn += 1) {
        venue.lose(20);
        venue.play(200);
        await follower.untilRight();
      }
      expect(follower.markets.status().gapCount).toBeGreaterThan(0);
      expect(venue.snapshots).toBeGreaterThan(before);
      expect(venue.connections).toBe(1);
      expect(follower.wrong).toBe(0);
    },
  );
});

describe('a live feed', () => {
  it('reports that the venue is away, tries again, and ends immediately when stopped', async () => {
    const feed = new LiveFeed({
      // Nothing listens on a port that no server may have.
      protocol: coinbaseProtocol(addressAt('http://127.0.0.1:1')),
      symbols: new Map(),
      clock: systemClock,
      logger: createLogger({ unit: 'test', level: 'silent' }),
      timing: { ...TIMING, reconnect: { baseMs: 10, maxMs: 10 } },
    });
    const stopping = new AbortController();
    const heard: unknown[] = [];
    for await (const batch of feed.events(stopping.signal)) {
      heard.push(...batch);
      if (heard.length === 3) stopping.abort();
    }
    expect(heard).toEqual(Array(3).fill({ kind: 'connection', isConnected: false }));
  });
});
