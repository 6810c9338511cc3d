import { toTimestamp } from '#shared/domain/clock.ts';
import type { PrivateStreamItem } from '#shared/events/private-stream.ts';

type Control = Extract<PrivateStreamItem<unknown>, { kind: 'resumed' | 'gap' | 'heartbeat' }>;

/**
 * The members that every private stream's event union shares: `StreamResumed`, `StreamGap` and
 * `StreamHeartbeat`, as their resolvers take them.
 */
export function streamControlOf(item: Control) {
  switch (item.kind) {
    case 'resumed':
      return {
        __typename: 'StreamResumed',
        afterSequence: `${item.afterSequence}`,
        replayed: item.replayed,
      } as const;
    case 'gap':
      return {
        __typename: 'StreamGap',
        instrumentSymbol: null,
        fromSequence: `${item.fromSequence}`,
        toSequence: `${item.toSequence}`,
        reason: 'CURSOR_EXPIRED',
      } as const;
    case 'heartbeat':
      return {
        __typename: 'StreamHeartbeat',
        instrumentSymbol: null,
        sequence: `${item.sequence}`,
        serverTime: toTimestamp(item.serverTimeMs),
        sourceAgeMs: null,
        stale: null,
      } as const;
  }
}
