import type { Clock } from '#shared/domain/clock.ts';
import type { RfqId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { privateStream, type PrivateStreamItem } from '#shared/events/private-stream.ts';
import { isLastEvent, type RfqEvent } from '../domain/rfq/rfq-event.ts';
import type { RfqEvents, RfqSnapshot } from '../domain/rfq/rfq-events.ts';
import { isRfqClosed } from '../domain/rfq/rfq.ts';
import { isSettled } from '../domain/rfq/settlement.ts';

/**
 * What happens to one request, which the viewer may read: that was asked before. It ends with the request, and with the
 * settlement of its trade.
 * @throws DomainError BAD_USER_INPUT at once, when `after` is not a cursor of this stream
 */
export function rfqStream(options: {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly events: RfqEvents;
  readonly eventOfJson: (sequence: bigint, json: unknown) => RfqEvent;
  readonly rfqId: RfqId;
  readonly after: string | null | undefined;
}): AsyncIterable<PrivateStreamItem<RfqSnapshot>> {
  const { events, eventOfJson, rfqId, bus, clock, after } = options;
  const stream = privateStream({
    topic: 'rfq.events',
    streamId: rfqId,
    bus,
    clock,
    after,
    store: {
      snapshot: () => events.snapshot(rfqId, clock.now()),
      readEvents: (sequence, limit) => events.readEvents(rfqId, sequence, limit),
      lastSequence: () => events.lastSequence(rfqId),
    },
  });
  return untilOver(stream, (item) => isOver(item, eventOfJson));
}

function isOver(
  item: PrivateStreamItem<RfqSnapshot>,
  eventOfJson: (sequence: bigint, json: unknown) => RfqEvent,
): boolean {
  if (item.kind === 'event') return isLastEvent(eventOfJson(item.sequence, item.event));
  if (item.kind !== 'snapshot') return false;
  const { rfq, settlement } = item.snapshot;
  return isRfqClosed(rfq) && (settlement === null || isSettled(settlement));
}

/** The items of a stream up to its last one. Returning it frees the stream, also while it waits. */
function untilOver<Item>(
  stream: AsyncGenerator<Item, undefined>,
  isLast: (item: Item) => boolean,
): AsyncIterableIterator<Item, undefined> {
  let isOver = false;
  const over = { done: true, value: undefined } as const;
  const iterator: AsyncIterableIterator<Item, undefined> = {
    next: async () => {
      if (isOver) return over;
      const result = await stream.next();
      if (result.done === true || !isLast(result.value)) return result;
      isOver = true;
      await stream.return(undefined);
      return result;
    },
    return: () => stream.return(undefined),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
