import { toTimestamp } from '#shared/domain/clock.ts';
import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import { streamControlOf } from '#shared/graphql/stream-control.ts';
import type { ResolversTypes } from '../__generated__/graphql.ts';
import type { OrderContext } from '../context.ts';
import type { OrderSnapshot } from '../domain/order-events.ts';

/** What a client learns of one item of its stream. */
export function orderStreamEvent(
  item: PrivateStreamItem<OrderSnapshot>,
  { useCases, pieces }: Pick<OrderContext, 'useCases' | 'pieces'>,
): Awaited<ResolversTypes['OrderStreamEvent']> {
  switch (item.kind) {
    case 'snapshot': {
      const { accountId, openOrders, fills } = item.snapshot;
      return {
        __typename: 'OrderSnapshot',
        account: { id: accountId },
        openOrders: pieces.each(openOrders),
        fills: [...fills],
        sequence: item.sequence.toString(),
        cursor: item.cursor,
      };
    }
    case 'event': {
      const { at, refusedAmend, ...event } = useCases.readEvent(item);
      return {
        __typename: 'OrderEvent',
        ...event,
        amendId: refusedAmend?.amendId ?? null,
        denial: refusedAmend?.denial ?? null,
        sequence: item.sequence.toString(),
        previousSequence: (item.sequence - 1n).toString(),
        cursor: item.cursor,
        at: toTimestamp(at),
      };
    }
    case 'resumed':
    case 'gap':
    case 'heartbeat':
      return streamControlOf(item);
  }
}
