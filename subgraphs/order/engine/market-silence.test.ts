import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { MarketSilence } from './market-silence.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('says once that nothing of the market arrives, and once that something does again', () => {
  const said: string[] = [];
  const logger = createLogger(
    { unit: 'test', level: 'info' },
    { write: (line) => void said.push((JSON.parse(line) as { readonly msg: string }).msg) },
  );
  const silence = new MarketSilence(logger);
  silence.start();
  vi.advanceTimersByTime(9999);
  silence.heard();
  vi.advanceTimersByTime(9999);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(['no market data is received']);
  silence.heard();
  silence.heard();
  expect(said.slice(1)).toEqual(['market data is received again']);
  vi.advanceTimersByTime(10_000);
  expect(said.slice(2)).toEqual(['no market data is received']);
  silence.heard();
  silence.stop();
  vi.advanceTimersByTime(60_000);
  expect(said.slice(4)).toEqual([]);
});
