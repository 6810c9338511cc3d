import { beforeEach, describe, expect, it } from 'vitest';
import type { RfqId } from '#shared/domain/ids.ts';
import { cancelRfq } from '../../domain/rfq/cancel-rfq.ts';
import type { RfqEventType } from '../../domain/rfq/rfq-event.ts';
import { TurnRefusedError } from '../../domain/ports/turn-refused-error.ts';
import { UnavailableError } from '../../domain/ports/unavailable-error.ts';
import { limitAt, placer } from '../test-placement.ts';
import { quoteRfqs } from './quote-rfqs.ts';
import { AcceptWorld, ANNA } from './test-accepts.ts';

const [BAD, GOOD] = ['bad', 'good'] as RfqId[] as [RfqId, RfqId];
/** After it every request is over. */
const LONG_MS = 60_000;

describe('a request for quote that cannot go on', () => {
  let world: AcceptWorld;
  let refusals: number;
  const statusOf = (id: RfqId) => world.store.rfq.rfqs.get(id)?.state.status;
  /** The store refuses what happens to the one request. */
  const refuse = (...types: readonly RfqEventType[]) => {
    const commit = world.store.commit.bind(world.store);
    world.store.commit = (changes) => {
      const { events } = changes.rfq;
      if (!events.some(({ rfqId, type }) => rfqId === BAD && types.includes(type)))
        return commit(changes);
      refusals += 1;
      return Promise.reject(new TurnRefusedError(new Error('a check')));
    };
  };
  const quoteAgain = () => world.desk.journal.run(quoteRfqs);

  beforeEach(async () => {
    refusals = 0;
    world = new AcceptWorld();
    world.market();
    await world.quoted(BAD);
    await world.quoted(GOOD);
  });

  it('and cannot be ended is left out of the books, and no command of others fails', async () => {
    refuse('EXPIRED');
    world.now += LONG_MS;
    const place = placer(world.desk, world.store);
    const orders = await Promise.all(
      ['otto', 'ursula'].map((account) => place(account, 'BUY', '0.1', limitAt('50'))),
    );
    expect(orders.map(({ state }) => state.status)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect([statusOf(BAD), statusOf(GOOD)]).toEqual(['QUOTED', 'EXPIRED']);
    // From here on nobody stumbles over it.
    refusals = 0;
    await place('otto', 'BUY', '0.1', limitAt('50'));
    expect([refusals, world.engine.known(BAD)]).toEqual([0, null]);
    // Its client does not learn that it has ended while it is shown as quoted.
    const rfq = (id: RfqId) => Promise.resolve(world.store.rfq.rfqs.get(id) ?? null);
    const cancel = (rfqId: RfqId) =>
      cancelRfq(
        { rfqJournal: world.engine, rfqReads: { rfq } },
        { mayRequestQuotes: () => true },
        { accountId: ANNA, rfqId },
      );
    await expect(cancel(BAD)).rejects.toThrow(UnavailableError);
    expect((await cancel(GOOD)).kind).toBe('notCancelable');
  });

  it('because its quote is refused ends without one, and the others are quoted', async () => {
    const quoted = () => [...world.store.rfq.quotes.values()].filter(({ rfqId }) => rfqId === GOOD);
    expect(quoted()).toHaveLength(1);
    refuse('QUOTED');
    world.now += 1000;
    world.market(false, 'TRADING', 1);
    await quoteAgain();
    await quoteAgain();
    expect([statusOf(BAD), statusOf(GOOD)]).toEqual(['EXPIRED', 'QUOTED']);
    expect(quoted()).toHaveLength(2);
  });
});
