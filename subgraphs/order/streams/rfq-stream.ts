import type { Clock } from '#shared/domain/clock.ts';
import type { RfqId } from '#shared/domain/ids.ts';
import { assertNever } from '#shared/domain/invariant.ts';
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
  return untilOver(stream, async (item) => {
    switch (item.kind) {
      case 'event':
        return isLastEvent(eventOfJson(item.sequence, item.event));
      case 'snapshot':
        return isOver(item.snapshot);
      case 'resumed': {
        if (item.replayed > 0) return false;
        // A client that has had the last event, but not the end, would wait for another one forever.
        const { sequence, snapshot } = await events.snapshot(rfqId, clock.now());
        return sequence === item.afterSequence && isOver(snapshot);
      }
      case 'gap':
      case 'heartbeat':
        return false;
      default:
        return assertNever(item, 'rfqStream');
    }
  });
}

function isOver({ rfq, settlement }: RfqSnapshot): boolean {
  return isRfqClosed(rfq) && (settlement === null || isSettled(settlement));
}

/** The items of a stream up to its last one. Returning it frees the stream, also while it waits. */
function untilOver<Item>(
  stream: AsyncGenerator<Item, undefined>,
  isLast: (item: Item) => Promise<boolean>,
): AsyncIterableIterator<Item, undefined> {
  let isOver = false;
  const over = { done: true, value: undefined } as const;
  const end = async () => {
    isOver = true;
    await stream.return(undefined);
  };
  const iterator: AsyncIterableIterator<Item, undefined> = {
    next: async () => {
      if (isOver) return over;
      const result = await stream.next();
      if (result.done === true) return result;
      const isEnd = await isLast(result.value).catch(async (cause: unknown) => {
        // Nobody returns a stream that has failed.
        await end();
        throw cause;
      });
      if (isEnd) await end();
      return result;
    },
    return: () => stream.return(undefined),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
