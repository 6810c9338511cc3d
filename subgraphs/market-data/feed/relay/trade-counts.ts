import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '#shared/logging/logger.ts';
import type { FeedEvent } from '../../domain/feed-event.ts';
import type { StoredCounts } from '../../domain/history.ts';
import type { Markets } from '../../domain/markets.ts';

/**
 * Events that make counting continue after all stored trades. Another process may have counted trades
 * that this one has not seen, and no sequence may be used twice.
 */
export function countsBehind(stored: StoredCounts, markets: Markets): readonly FeedEvent[] {
  return [...markets.all()].flatMap(({ instrument: { symbol }, tradeSequence }) => {
    const sequence = stored.get(symbol) ?? 0;
    return sequence > tradeSequence ? [{ kind: 'tradeCount', symbol, sequence } as const] : [];
  });
}

/** The longest that prices wait for the store. */
const PATIENCE_MS = 1000;

/**
 * Reads the counts of these symbols; empty if they cannot be read in time. Never rejects.
 * @param read reads the counts of all symbols
 */
export async function readCounts(
  read: () => Promise<StoredCounts>,
  symbols: readonly string[],
  logger: Logger,
): Promise<StoredCounts> {
  const late = new AbortController();
  try {
    const stored = await Promise.race([read(), rejectAfter(PATIENCE_MS, late.signal)]);
    return new Map([...stored].filter(([symbol]) => symbols.includes(symbol)));
  } catch (cause) {
    logger.warn({ err: cause }, 'could not read how far trades are stored');
    return new Map();
  } finally {
    late.abort();
  }
}

async function rejectAfter(ms: number, signal: AbortSignal): Promise<never> {
  await pause(ms, undefined, { signal });
  throw new Error('The store did not answer in time');
}
