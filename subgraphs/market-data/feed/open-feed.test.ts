import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Instrument } from '#shared/domain/instrument.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Venue } from '../domain/catalog/catalog.ts';
import { BTC_USDT, ETH_USDT, TestClock } from '../test-market.ts';
import { FrameRecorder } from './recording/frame-recorder.ts';
import { openFeeds } from './open-feed.ts';

// Nothing listens on a port that no server may have.
const NOWHERE = 'http://127.0.0.1:1';
const origins = { binance: NOWHERE, kraken: NOWHERE, coinbase: NOWHERE };

function opened(source: string, instruments: readonly Instrument[] = [BTC_USDT]) {
  const settings = { source, speed: 1, loop: false, start: 'immediately', seed: 1 } as const;
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const parts = { instruments, homes: new Map(), clock: new TestClock(), logger };
  return openFeeds({ ...settings, origins }, parts);
}

describe('opening feeds', () => {
  it.each(['sim', 'binance', 'kraken', 'coinbase', 'kraken,binance', 'coinbase,kraken,binance'])(
    'knows %s, in this order',
    async (source) => {
      const feeds = await opened(source);
      expect(feeds.map(({ feed }) => feed.venue)).toEqual(source.split(','));
      expect(feeds.every(({ feed }) => !feed.isPausable)).toBe(true);
    },
  );

  it('follows every instrument of a venue that does not list its instruments', async () => {
    const [binance] = await opened('binance');
    expect(binance).toMatchObject({ instruments: [BTC_USDT], listed: { listings: null } });
  });

  it('knows what each of several recordings has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deskgraph-recordings-'));
    const record = async (venue: Venue, frame: string) => {
      const recorder = new FrameRecorder(folder, venue, 0);
      recorder.connected();
      recorder.frame('{"half');
      recorder.frame(frame);
      await recorder.end();
    };
    const sides = { bids: [['100', '1']], asks: [['101', '1']] };
    await record(
      'coinbase',
      JSON.stringify({ type: 'snapshot', product_id: 'BTC-USDT', ...sides }),
    );
    await record(
      'binance',
      '{"stream":"ethusdt@bookTicker","data":{"u":1,"s":"ETHUSDT","b":"1","B":"1","a":"2","A":"1"}}',
    );
    const feeds = await opened(`replay:${folder}`, [BTC_USDT, ETH_USDT]);
    const told = feeds.map(({ feed, instruments }) => [feed.venue, instruments]);
    expect(Object.fromEntries(told)).toEqual({ binance: [ETH_USDT], coinbase: [BTC_USDT] });
    await rm(folder, { recursive: true });
  });

  it.each(['', 'nasdaq', 'constructor', 'replay'])('says that there is no %j', async (source) => {
    await expect(opened(source)).rejects.toThrow(`There is no feed ${JSON.stringify(source)}`);
  });
});
