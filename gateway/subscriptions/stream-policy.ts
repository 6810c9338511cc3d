import { sharedRate } from '#shared/domain/delivery-rate.ts';
import type { Worth } from './group-steps.ts';
import { HEARTBEAT } from './stream-position.ts';

/**
 * How a stream may be shared and what someone who joins it late is owed.
 * - `private`: nobody else's; every subscription has a stream of its own.
 * - `states`: each event of these types is a full state, so the last one is a late joiner's snapshot,
 *   with the heartbeat after it, which shows how old that is. What is not public of them is shared
 *   by one viewer's subscriptions.
 *   With `listArgument` the stream is opened once for each entry of that list, so that lists that
 *   differ still share.
 * - `deltas`: a snapshot and then changes; a late joiner is owed all of it.
 */
export type StreamPolicy =
  | { readonly kind: 'private' }
  | { readonly kind: 'states'; readonly types: readonly string[]; readonly listArgument?: string }
  | { readonly kind: 'deltas' };

const PRIVATE: StreamPolicy = { kind: 'private' };

/** The policy of every field of `Subscription`; a test holds the two lists equal. */
export const STREAM_POLICIES: Readonly<Record<string, StreamPolicy>> = {
  balanceChanged: PRIVATE,
  candleChanged: { kind: 'states', types: ['CandleUpdate'] },
  consolidatedBookChanged: { kind: 'states', types: ['ConsolidatedBookUpdate'] },
  instrumentStatusChanged: {
    kind: 'states',
    types: ['InstrumentStatusUpdate'],
    listArgument: 'symbols',
  },
  openRfqs: PRIVATE,
  orderBookChanged: { kind: 'deltas' },
  orderEvents: PRIVATE,
  priceLevels: { kind: 'states', types: ['PriceLevels'] },
  quoteChanged: { kind: 'states', types: ['QuoteUpdate'], listArgument: 'symbols' },
  quoteStream: PRIVATE,
  tickerChanged: { kind: 'states', types: ['TickerUpdate'], listArgument: 'symbols' },
  tradeOccurred: { kind: 'deltas' },
};

/** The policy of a root field. One that is not listed shares nothing, which is always safe. */
export function policyOf(rootField: string): StreamPolicy {
  return STREAM_POLICIES[rootField] ?? PRIVATE;
}

/** What an event of this type is worth when a newer state follows it. */
export function worthOf(policy: StreamPolicy, type: string): Worth {
  if (policy.kind !== 'states') return 'lasting';
  if (policy.types.includes(type)) return 'state';
  return type === HEARTBEAT ? 'passing' : 'lasting';
}

/** The one instrument that a market stream is about; null if there is none, or a list of them. */
export function instrumentOf({ symbol, symbols }: Readonly<Record<string, unknown>>) {
  const [first, ...others] = Array.isArray(symbols) ? (symbols as unknown[]) : [symbol];
  return typeof first === 'string' && others.length === 0 ? first : null;
}

/**
 * The arguments with a rate at which their owner sends, so that those whose rates it rounds to one
 * share it. What it refuses stays.
 */
export function withSharedRate(args: Readonly<Record<string, unknown>>): typeof args {
  const { delivery } = args as { readonly delivery?: { readonly maxPerSecond?: number } | null };
  const rate = sharedRate(delivery?.maxPerSecond ?? NaN);
  return rate === undefined ? args : { ...args, delivery: { ...delivery, maxPerSecond: rate } };
}

/** What happens to frames that a client cannot take yet. */
export type Backpressure =
  /** The newest state replaces earlier ones, and the client learns how many it missed. */
  | 'newest'
  /** They wait, up to a bound; beyond it the client gets a gap and begins again. */
  | 'restart'
  /** They wait, up to a bound; beyond it the stream ends with the cursor to continue from. */
  | 'end';

/** @param args of the root field */
export function backpressureOf(
  { kind }: StreamPolicy,
  { delivery }: Readonly<Record<string, unknown>>,
): Backpressure {
  if (kind === 'private') return 'end';
  const { mode } = (delivery ?? {}) as { readonly mode?: unknown };
  return kind === 'states' && mode !== 'ALL' ? 'newest' : 'restart';
}
