// The replay on recordings written by the test: order, pace, repetition and what is wrong with files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#shared/domain/clock.ts';
import { venueSymbols } from '../../domain/catalog/catalog.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import { BTC_USDT, ETH_USDT } from '../../test-market.ts';
import { BinanceSession } from '../binance/binance-session.ts';
import type { MalformedFrameError } from '../frames/malformed-frame.ts';
import { Recording } from './recording.ts';
import { ReplayFeed } from './replay-feed.ts';

const START_MS = 1_723_161_253_000;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskgraph-recording-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A line received `atMs` after the start. */
function line(atMs: number, symbol: string, id: number): string {
  const data = { s: symbol, t: id, p: '100', q: '1', T: START_MS + atMs, m: false };
  return `${START_MS + atMs}000000 ${JSON.stringify({ stream: 'x@trade', data })}`;
}

async function record(name: string, lines: readonly string[]): Promise<void> {
  await writeFile(path.join(folder, name), gzipSync(lines.join('\n')));
}

async function replay(options: { speed?: number | 'max'; loop?: boolean; untilTrades: number }) {
  const malformed: MalformedFrameError[] = [];
  const feed = new ReplayFeed({
    session: new BinanceSession(
      await Recording.open(folder),
      venueSymbols('binance', [BTC_USDT, ETH_USDT]),
    ),
    speed: options.speed ?? 'max',
    loop: options.loop ?? false,
    clock: systemClock,
    onMalformed: (error) => malformed.push(error),
  });
  const stopping = new AbortController();
  const events: FeedEvent[] = [];
  for await (const batch of feed.events(stopping.signal)) {
    events.push(...batch);
    if (events.filter(({ kind }) => kind === 'trade').length >= options.untilTrades) break;
  }
  return { events, malformed };
}

const ids = (events: readonly FeedEvent[]) =>
  events.flatMap((event) => (event.kind === 'trade' ? [Number(event.tradeId)] : []));

describe('a replay', () => {
  it('merges instruments by the time they were received, day after day', async () => {
    await record('spot_btcusdt_20240809.gz', [line(30, 'BTCUSDT', 5)]);
    await record('spot_btcusdt_20240808.gz', [line(0, 'BTCUSDT', 1), line(20, 'BTCUSDT', 4)]);
    await record('spot_ethusdt_20240808.gz', [line(5, 'ETHUSDT', 2), line(10, 'ETHUSDT', 3)]);
    const { events } = await replay({ untilTrades: Infinity });
    expect(ids(events)).toEqual([1, 2, 3, 4, 5]);
    expect(events[0]).toEqual({ kind: 'connection', isConnected: true });
  });

  it('keeps the pace of the recording, or a multiple of it', async () => {
    await record('spot_btcusdt_20240808.gz', [line(0, 'BTCUSDT', 1), line(400, 'BTCUSDT', 2)]);
    const begun = Date.now();
    await replay({ speed: 4, untilTrades: 2 });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(95);
  });

  it('keeps the pace when the clock is set back', async () => {
    await record(
      'spot_btcusdt_20240808.gz',
      [0, 20, 40, 60].map((atMs) => line(atMs, 'BTCUSDT', atMs)),
    );
    let setBackMs = 0;
    const feed = new ReplayFeed({
      session: new BinanceSession(
        await Recording.open(folder),
        venueSymbols('binance', [BTC_USDT]),
      ),
      ...{ speed: 1, loop: false },
      clock: { now: () => Date.now() - setBackMs, steadyNow: () => performance.now() },
      onMalformed: (error) => {
        throw error;
      },
    });
    let trades = 0;
    for await (const batch of feed.events(new AbortController().signal, START_MS)) {
      trades += [...batch].filter(({ kind }) => kind === 'trade').length;
      if (trades > 0) setBackMs = 3_600_000;
    }
    expect(trades).toBe(4);
  });

  it('keeps the pace when it begins again, however long ago it first began', async () => {
    const milliseconds = Array.from({ length: 200 }, (_, atMs) => atMs);
    await record(
      'spot_btcusdt_20240808.gz',
      milliseconds.map((atMs) => line(atMs, 'BTCUSDT', atMs)),
    );
    let passedMs = 0;
    const feed = new ReplayFeed({
      session: new BinanceSession(
        await Recording.open(folder),
        venueSymbols('binance', [BTC_USDT]),
      ),
      ...{ speed: 1, loop: false, clock: { now: () => Date.now() + passedMs } },
      onMalformed: (error) => {
        throw error;
      },
    });
    const play = async () => {
      const begunMs = performance.now();
      for await (const batch of feed.events(new AbortController().signal, START_MS))
        Array.from(batch);
      return performance.now() - begunMs;
    };
    await play();
    passedMs = 60_000;
    expect(await play()).toBeGreaterThanOrEqual(190);
  });

  it('begins again as a new connection, and its times go on', async () => {
    await record('spot_btcusdt_20240808.gz', [line(0, 'BTCUSDT', 1), line(400, 'BTCUSDT', 2)]);
    const { events } = await replay({ loop: true, untilTrades: 6 });
    expect(ids(events).slice(0, 6)).toEqual([1, 2, 1, 2, 1, 2]);
    const times = events.flatMap((event) => (event.kind === 'trade' ? [event.exchangeTimeMs] : []));
    expect(times).toEqual([...times].sort((left, right) => left - right));
    const connections = events.filter(({ kind }) => kind === 'connection');
    expect(connections.slice(0, 3)).toEqual([
      { kind: 'connection', isConnected: true },
      { kind: 'connection', isConnected: false },
      { kind: 'connection', isConnected: true },
    ]);
  });

  it('skips a malformed line, reports it, and continues', async () => {
    await record('spot_btcusdt_20240808.gz', [
      line(0, 'BTCUSDT', 1),
      `${START_MS}000000 {"stream`,
      line(1, 'BTCUSDT', 2),
    ]);
    const { events, malformed } = await replay({ untilTrades: Infinity });
    expect(ids(events)).toEqual([1, 2]);
    expect(malformed).toHaveLength(1);
  });

  it('fails where a file is cut off, instead of ending as if it were whole', async () => {
    const whole = gzipSync(Array.from({ length: 999 }, (_, n) => line(n, 'BTCUSDT', n)).join('\n'));
    await writeFile(path.join(folder, 'spot_btcusdt_20240808.gz'), whole.subarray(0, -20));
    await expect(replay({ untilTrades: Infinity })).rejects.toThrow();
  });

  it('says what is wrong with a folder', async () => {
    await expect(Recording.open(`${folder}/nowhere`)).rejects.toThrow('could not be read');
    await expect(Recording.open(folder)).rejects.toThrow('holds no recording');
  });
});
