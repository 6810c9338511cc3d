import { describe, expect, it } from 'vitest';
import {
  LIFECYCLE_EVENTS,
  type LifecycleEvent,
  type LifecycleStatus,
  ORDER_LIFECYCLE,
  transition,
} from './order-lifecycle.ts';
import { CLOSED_ORDER_STATUSES, OPEN_ORDER_STATUSES, ORDER_STATUSES } from './order.ts';

// Every pair of status and event; a dot is an edge that there is not.
const TABLE = `
                   SUBMIT    DENY   ACCEPT   REJECT   TRIGGER          PART_FILL        LAST_FILL PREVENT          ASK_AMEND      AMEND            REFUSE_AMEND CANCEL   EXPIRE
  NEW              SUBMITTED DENIED .        .        .                .                .         .                .              .                .            .        .
  SUBMITTED        .         DENIED ACCEPTED .        .                .                .         .                .              .                .            CANCELED EXPIRED
  DENIED           .         .      .        .        .                .                .         .                .              .                .            .        .
  ACCEPTED         .         .      .        REJECTED TRIGGERED        PARTIALLY_FILLED FILLED    ACCEPTED         PENDING_UPDATE ACCEPTED         .            CANCELED EXPIRED
  TRIGGERED        .         .      .        REJECTED .                PARTIALLY_FILLED FILLED    TRIGGERED        PENDING_UPDATE TRIGGERED        .            CANCELED EXPIRED
  PARTIALLY_FILLED .         .      .        REJECTED PARTIALLY_FILLED PARTIALLY_FILLED FILLED    PARTIALLY_FILLED PENDING_UPDATE PARTIALLY_FILLED .            CANCELED EXPIRED
  PENDING_UPDATE   .         .      .        REJECTED PENDING_UPDATE   PENDING_UPDATE   FILLED    PENDING_UPDATE   .              PREVIOUS         PREVIOUS     CANCELED EXPIRED
  REJECTED         .         .      .        .        .                .                .         .                .              .                .            .        .
  FILLED           .         .      .        .        .                .                .         .                .              .                .            .        .
  CANCELED         .         .      .        .        .                .                .         .                .              .                .            .        .
  EXPIRED          .         .      .        .        .                .                .         .                .              .                .            .        .`;

const [head = [], ...lines] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/ +/));
const pairs = lines.flatMap(([from, ...ends]) =>
  ends.map((to, index) => [from as LifecycleStatus, head[index] as LifecycleEvent, to] as const),
);

describe('order lifecycle', () => {
  it('is tested for every status and every event', () => {
    expect(head).toEqual([...LIFECYCLE_EVENTS]);
    expect(lines.map(([from]) => from)).toEqual(['NEW', ...ORDER_STATUSES]);
    expect(Object.keys(ORDER_LIFECYCLE).sort()).toEqual(['NEW', ...ORDER_STATUSES].sort());
  });

  it.each(pairs)('%s, %s: %s', (from, event, to) => {
    if (to === '.')
      expect(() => transition(from, event)).toThrow(`Invariant: an order that is ${from}`);
    else expect(transition(from, event)).toBe(to);
  });

  it('ends in the closed statuses', () => {
    const ends = ORDER_STATUSES.filter((status) =>
      LIFECYCLE_EVENTS.every((event) => ORDER_LIFECYCLE[status][event] === null),
    );
    expect(ends.sort()).toEqual([...CLOSED_ORDER_STATUSES].sort());
  });

  it('has every status either open or closed, but for that of an order whose hold is asked for', () => {
    const statuses = ['SUBMITTED', ...OPEN_ORDER_STATUSES, ...CLOSED_ORDER_STATUSES];
    expect(statuses.sort()).toEqual([...ORDER_STATUSES].sort());
  });
});
