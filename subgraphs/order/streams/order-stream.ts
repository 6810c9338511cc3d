import type { Clock } from '#shared/domain/clock.ts';
import type { AccountId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { privateStream, type PrivateStreamItem } from '#shared/events/private-stream.ts';
import type { SendingTurn } from '#shared/events/sending-turns.ts';
import type { OrderEvents, OrderSnapshot } from '../domain/order-events.ts';

/**
 * What happens to the orders of one account, which the viewer may read: that was asked before.
 * @throws DomainError BAD_USER_INPUT at once, when `after` is not a cursor of this stream
 */
export function orderStream(options: {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly events: OrderEvents;
  /** Waits for the viewer's turn to be sent open orders. */
  readonly takeTurn: () => Promise<SendingTurn>;
  readonly accountId: AccountId;
  readonly after: string | null | undefined;
}): AsyncGenerator<PrivateStreamItem<OrderSnapshot>, undefined> {
  const { events, accountId, bus, clock, takeTurn, after } = options;
  return privateStream({
    topic: 'order.events',
    streamId: accountId,
    bus,
    clock,
    after,
    takeTurn,
    store: {
      snapshot: () => events.snapshot(accountId),
      readEvents: (sequence, limit) => events.readEvents(accountId, sequence, limit),
      lastSequence: () => events.lastSequence(accountId),
    },
  });
}
