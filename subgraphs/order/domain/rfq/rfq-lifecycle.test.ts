import { describe, expect, it } from 'vitest';
import { RFQ_LIFECYCLE, RFQ_LIFECYCLE_EVENTS, rfqTransition } from './rfq-lifecycle.ts';
import { RFQ_STATUSES } from './rfq.ts';

describe('the life of a request for quote', () => {
  it('has exactly these transitions', () => {
    const ways = RFQ_STATUSES.flatMap((status) =>
      RFQ_LIFECYCLE_EVENTS.flatMap((event) => {
        const next = RFQ_LIFECYCLE[status][event];
        return next === null ? [] : [`${status} ${event} ${next}`];
      }),
    );
    expect(ways).toEqual([
      'OPEN QUOTE QUOTED',
      'OPEN EXPIRE EXPIRED',
      'OPEN CANCEL CANCELED',
      'QUOTED QUOTE QUOTED',
      'QUOTED STOP_QUOTING OPEN',
      'QUOTED ACCEPT ACCEPT_PENDING',
      'QUOTED EXPIRE EXPIRED',
      'QUOTED CANCEL CANCELED',
      'ACCEPT_PENDING FILL FILLED',
      'ACCEPT_PENDING REJECT REJECTED',
    ]);
  });

  it('never leaves an accept without a decision, and ends for good', () => {
    expect(() => rfqTransition('ACCEPT_PENDING', 'CANCEL')).toThrow(/cannot CANCEL/);
    for (const status of ['FILLED', 'REJECTED', 'EXPIRED', 'CANCELED'] as const)
      for (const event of RFQ_LIFECYCLE_EVENTS)
        expect(() => rfqTransition(status, event)).toThrow(/cannot/);
  });
});
