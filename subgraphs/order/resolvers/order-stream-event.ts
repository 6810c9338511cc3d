import { toTimestamp } from '#shared/domain/clock.ts';
import { assertNever } from '#shared/domain/invariant.ts';
import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { OrderSnapshot } from '../domain/order-events.ts';
import type { OrderUseCases } from '../use-cases.ts';

/** What a client is told of one item of its stream. */
export function orderStreamEvent(
  item: PrivateStreamItem<OrderSnapshot>,
  useCases: OrderUseCases,
): Awaited<ResolversTypes['OrderStreamEvent']> {
  switch (item.kind) {
    case 'snapshot': {
      const { accountId, openOrders, fills } = item.snapshot;
      return {
        __typename: 'OrderSnapshot',
        account: { id: accountId },
        openOrders: [...openOrders],
        fills: [...fills],
        sequence: item.sequence.toString(),
        cursor: item.cursor,
      };
    }
    case 'event': {
      const { type, order, fill, at } = useCases.readEvent(item);
      return {
        __typename: 'OrderEvent',
        type,
        order,
        fill,
        sequence: item.sequence.toString(),
        previousSequence: (item.sequence - 1n).toString(),
        cursor: item.cursor,
        at: toTimestamp(at),
      };
    }
    case 'resumed':
      return {
        __typename: 'StreamResumed',
        fromSequence: item.fromSequence.toString(),
        replayed: item.replayed,
      };
    case 'gap':
      return {
        __typename: 'StreamGap',
        symbol: null,
        fromSequence: item.fromSequence.toString(),
        toSequence: item.toSequence.toString(),
        reason: 'CURSOR_EXPIRED',
      };
    case 'heartbeat':
      return {
        __typename: 'StreamHeartbeat',
        symbol: null,
        sequence: item.sequence.toString(),
        serverTime: toTimestamp(item.serverTimeMs),
        sourceAgeMs: null,
      };
    default:
      return assertNever(item, 'orderStreamEvent');
  }
}
