import { describe, expect, it } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { BTC_USDT, TestClock } from '../test-market.ts';
import { openFeed } from './open-feed.ts';

const catalog = { assets: new Map(), instruments: new Map([[BTC_USDT.symbol, BTC_USDT]]) };

function opened(source: string) {
  const settings = { source, speed: 1, loop: false, start: 'immediately', seed: 1 } as const;
  const logger = createLogger({ unit: 'test', level: 'silent' });
  return openFeed(settings, { catalog, clock: new TestClock(), logger });
}

describe('opening a feed', () => {
  it.each(['sim', 'binance', 'kraken', 'coinbase'])('knows %s', async (source) =>
    expect(await opened(source)).toMatchObject({ venue: source, isPausable: false }),
  );

  it.each(['', 'nasdaq', 'constructor', 'replay'])('says that there is no %j', async (source) => {
    await expect(opened(source)).rejects.toThrow(`There is no feed ${JSON.stringify(source)}`);
  });
});
