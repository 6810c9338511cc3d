import { describe, expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { BTC_USDT, TestClock } from '../test-market.ts';
import { openFeeds } from './open-feed.ts';

// Nothing listens on a port that no server may have.
const NOWHERE = 'http://127.0.0.1:1';
const origins = { binance: NOWHERE, kraken: NOWHERE, coinbase: NOWHERE };

function opened(source: string) {
  const settings = { source, speed: 1, loop: false, start: 'immediately', seed: 1 } as const;
  const logger = createLogger({ unit: 'test', level: 'silent' });
  const parts = { instruments: [BTC_USDT], clock: new TestClock(), logger };
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

  it('follows every instrument of a venue that does not tell what it has', async () => {
    const [binance] = await opened('binance');
    expect(binance).toMatchObject({ instruments: [BTC_USDT], listed: { listings: null } });
  });

  it.each(['', 'nasdaq', 'constructor', 'replay'])('says that there is no %j', async (source) => {
    await expect(opened(source)).rejects.toThrow(`There is no feed ${JSON.stringify(source)}`);
  });
});
