// Live feeds against a venue that plays real recordings over a real socket and fails as venues do.
// Whatever happens, every book that is not marked as suspended is one that the venue has had.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { Markets } from '../../domain/markets.ts';
import { plain } from '../../test-market.ts';
import { findFrameFiles } from '../frame-file.ts';
import { FrameRecorder } from '../frame-recorder.ts';
import { FrameSession } from '../frame-session.ts';
import { recordedData } from '../../test-recordings.ts';
import { coinbaseProtocol } from './coinbase-protocol.ts';
import type { ConnectionTiming } from './connection-timing.ts';
import type { FrameTap } from './frame-tap.ts';
import { LiveFeed } from './live-feed.ts';
import { TestVenue } from './test-venue.ts';
import {
  binanceScript,
  coinbaseScript,
  krakenScript,
  type VenueScript,
} from './test-venue-script.ts';
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

/** Patient enough for a busy machine, and no test waits for it but the one of silence. */
const TIMING: ConnectionTiming = {
  connectMs: 5000,
  quietMs: 100,
  silentMs: 1000,
  reviewMs: 20,
  provenMs: 0,
  reconnect: { baseMs: 20, maxMs: 100 },
  rebuild: { baseMs: 100, maxMs: 400 },
  maxAgeMs: Infinity,
  fetchMs: 5000,
};

/** A feed, the markets that it moves, and what was wrong with them. */
class Follower {
  readonly markets: Markets;
  /** Books that were shown as good and that the venue has never had. */
  wrong = 0;
  /** Every event, in its order. */
  readonly heard: FeedEvent[] = [];
  /** The newest time of a change or a trade. */
  newestMs: number | null = null;
  readonly script: VenueScript;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(script: VenueScript, origin: string, timing: ConnectionTiming, tap?: FrameTap) {
    this.script = script;
    const { truth } = script;
    const instruments = [...truth.markets.all()].map(({ instrument }) => instrument);
    this.markets = new Markets({ instruments, venue: truth.markets.venue, nowMs: 0 });
    const feed = new LiveFeed({
      protocol: script.protocol(origin),
      symbols: truth.symbols,
      // Once it is connected, our clock is that of the recording.
      clock: { now: () => this.newestMs ?? systemClock.now() },
      logger: createLogger({ unit: 'test', level: 'silent' }),
      timing,
      ...(tap === undefined ? {} : { tap }),
    });
    this.#running = this.#follow(feed);
  }

  /** Resolves when every book is good and the venue's of this moment. */
  async untilRight(): Promise<void> {
    await until(() => this.script.truth.isNow(this.markets));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #follow(feed: LiveFeed): Promise<void> {
    for await (const batch of feed.events(this.#stopping.signal))
      for (const event of batch) {
        this.heard.push(event);
        if (event.kind === 'bookUpdate' || event.kind === 'trade')
          this.newestMs = Math.max(this.newestMs ?? 0, event.exchangeTimeMs ?? 0);
        this.markets.apply(event, 0);
        this.#look();
      }
  }

  #look(): void {
    for (const market of this.markets.all()) {
      const isShown = !market.isSuspended && market.bookTimes !== null;
      if (isShown && !this.script.truth.hasBeen(market)) this.wrong += 1;
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 15_000; !condition(); await sleep(5))
    if (performance.now() > deadline) throw new Error('The condition did not come true in 15 s.');
}

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
    const follower = new Follower(script, venue.origin, { ...TIMING, ...timing }, tap);
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
  ])('is suspended after %s, and right again over a new connection', async (_, fault) => {
    const { venue, follower } = await connected();
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
    const { truth, protocol } = follower.script;
    const paths = [...(await findFrameFiles(folder)).values()].flat();
    const session = new FrameSession({
      protocol: protocol('http://nowhere'),
      symbols: truth.symbols,
      paths,
    });
    const again: FeedEvent[] = [];
    for await (const { decode } of session.moments()) again.push(...decode());
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
    const { venue, follower } = await connected();
    // One is sent after each quiet time, so these take longer than a silence may last.
    await until(() => venue.pings > (2 * TIMING.silentMs) / TIMING.quietMs);
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
