/**
 * How a stream may be shared and what someone who joins it late is owed.
 * - `private`: nobody else's; every subscription has a stream of its own.
 * - `states`: each event of these types is a full state, so the last one is a late joiner's snapshot.
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
  orderBookChanged: { kind: 'deltas' },
  orderEvents: PRIVATE,
  quoteChanged: { kind: 'states', types: ['QuoteUpdate'], listArgument: 'symbols' },
  tradeOccurred: { kind: 'deltas' },
};

/** The policy of a root field. One that is not listed shares nothing, which is always safe. */
export function policyOf(rootField: string): StreamPolicy {
  return STREAM_POLICIES[rootField] ?? PRIVATE;
}
