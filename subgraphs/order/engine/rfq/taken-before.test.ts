import { beforeEach, describe, expect, it } from 'vitest';
import type { RfqId } from '#shared/domain/ids.ts';
import { RFQ_SETTINGS } from '../../domain/rfq/rfq-settings.ts';
import { price, units } from '../../domain/test-orders.ts';
import { INSTRUMENT } from '../test-journal.ts';
import { AcceptWorld, RFQ } from './test-accepts.ts';

const SECOND = 'second' as RfqId;
const THIRD = 'third' as RfqId;
const MOVED = 'REJECTED LAST_LOOK_PRICE_MOVED / REJECTED';

let world: AcceptWorld;
beforeEach(() => {
  world = new AcceptWorld();
  world.thinMarket();
});

const quotesOf = (id: RfqId) =>
  [...world.store.rfq.quotes.values()].filter(({ rfqId }) => rfqId === id);
const quoteAll = async () => {
  for (const id of [RFQ, SECOND, THIRD]) await world.quoted(id);
};

describe('quotes that are accepted in one moment', () => {
  it('are together filled for no more than the book has at their price', async () => {
    await quoteAll();
    for (const id of [RFQ, SECOND, THIRD]) expect(await world.accept(id)).toBe('pending');
    for (const id of [RFQ, SECOND, THIRD]) await world.answerHold(undefined, id);
    expect([RFQ, SECOND, THIRD].map((id) => world.state(id))).toEqual([
      'FILLED / FILLED',
      MOVED,
      MOVED,
    ]);
    const { rfqs } = world.store.rfq;
    expect(rfqs.get(RFQ)?.state).toMatchObject({ lastLook: { moveBps: 0n, takenBps: 0n } });
    // From 100.05 to 100.54, three basis points above 100.01 and 100.50.
    const takenBps = (units('10000') * 49n) / 10_005n;
    expect(rfqs.get(SECOND)?.state).toMatchObject({ lastLook: { moveBps: 0n, takenBps } });
  });

  it('are filled in the order of the accepts, whichever hold is answered first', async () => {
    await quoteAll();
    for (const id of [RFQ, SECOND]) await world.accept(id);
    for (const id of [SECOND, RFQ]) await world.answerHold(undefined, id);
    expect([RFQ, SECOND].map((id) => world.state(id))).toEqual(['FILLED / FILLED', MOVED]);
  });

  it('are all filled as quoted if the depth is enough for all', async () => {
    world.market();
    await quoteAll();
    for (const id of [RFQ, SECOND, THIRD]) await world.accept(id);
    for (const id of [RFQ, SECOND, THIRD]) await world.answerHold(undefined, id);
    for (const id of [RFQ, SECOND, THIRD])
      expect(world.store.rfq.rfqs.get(id)?.state).toMatchObject({
        ...{ status: 'FILLED', fillPrice: price('100.05') },
      });
  });

  it('count no accept that was rejected', async () => {
    await quoteAll();
    for (const id of [RFQ, SECOND]) await world.accept(id);
    await world.answerHold({ kind: 'INSUFFICIENT_FUNDS', free: null }, RFQ);
    await world.answerHold(undefined, SECOND);
    expect(world.state(SECOND)).toBe('FILLED / FILLED');
  });

  it('are no cheaper than they say for an accept that was rejected, on a book that has become thin', async () => {
    world.thinMarket([
      ['100.01', '8'],
      ['100.05', '42'],
    ]);
    await world.quoted(RFQ, '8');
    await world.accept(RFQ);
    await world.quoted(SECOND);
    await world.answerHold({ kind: 'INSUFFICIENT_FUNDS', free: null }, RFQ);
    world.thinMarket([
      ['100.01', '8'],
      ['101.00', '42'],
    ]);
    await world.accept(SECOND);
    await world.answerHold(undefined, SECOND);
    expect(world.store.rfq.rfqs.get(SECOND)?.state).toMatchObject({
      ...{ status: 'FILLED', fillPrice: price('100.09'), lastLook: { takenBps: 0n } },
    });
  });

  it('count no accept whose turn was lost, and those before it', async () => {
    await quoteAll();
    world.store.failsNext = true;
    await expect(world.accept(RFQ)).rejects.toThrow();
    await world.turn();
    await world.accept(SECOND);
    world.store.failsNext = true;
    await expect(world.turn()).rejects.toThrow();
    await world.turn();
    await world.accept(THIRD);
    for (const id of [SECOND, THIRD]) await world.answerHold(undefined, id);
    expect([SECOND, THIRD].map((id) => world.state(id))).toEqual(['FILLED / FILLED', MOVED]);
  });

  it('count an accept again whose rejection was lost', async () => {
    await quoteAll();
    await world.accept(RFQ);
    world.store.failsNext = true;
    await expect(
      world.answerHold({ kind: 'INSUFFICIENT_FUNDS', free: null }, RFQ),
    ).rejects.toThrow();
    await world.answerHold(undefined, RFQ);
    await world.accept(SECOND);
    await world.answerHold(undefined, SECOND);
    expect([RFQ, SECOND].map((id) => world.state(id))).toEqual(['FILLED / FILLED', MOVED]);
  });

  it('count what is taken after the clock was set back a little', async () => {
    await quoteAll();
    world.setClock(-900);
    world.thinMarket();
    for (const id of [RFQ, SECOND]) await world.accept(id);
    for (const id of [RFQ, SECOND]) await world.answerHold(undefined, id);
    expect([RFQ, SECOND].map((id) => world.state(id))).toEqual(['FILLED / FILLED', MOVED]);
  });

  it('count the accepts of the previous owner of the books that were pending', async () => {
    await quoteAll();
    world.now += 1000;
    for (const id of [RFQ, SECOND]) await world.accept(id);
    world.now += 1000;
    world.restart();
    world.thinMarket();
    for (const id of [RFQ, SECOND]) await world.answerHold(undefined, id);
    expect([RFQ, SECOND].map((id) => world.state(id))).toEqual(['FILLED / FILLED', MOVED]);
  });
});

describe('a quote after a take', () => {
  beforeEach(async () => {
    await world.quoted(THIRD);
    await world.quoted(RFQ);
    await world.accept(RFQ);
    await world.answerHold(undefined, RFQ);
  });

  it('is priced beyond what was taken, says so, and fills at its price', async () => {
    await world.quoted(SECOND);
    expect(quotesOf(SECOND)).toMatchObject([
      {
        ask: { price: price('100.54') },
        basis: { walkedAskPrice: price('100.50'), taken: { ask: units('2'), bid: 0n } },
      },
    ]);
    await world.accept(SECOND);
    await world.answerHold(undefined, SECOND);
    expect(world.store.rfq.rfqs.get(SECOND)?.state).toMatchObject({
      ...{ status: 'FILLED', fillPrice: price('100.54'), lastLook: { takenBps: 0n } },
    });
  });

  it('is priced beyond what was taken before the clock was set forward', async () => {
    world.setClock(1000);
    world.thinMarket();
    await world.quoted(SECOND);
    expect(quotesOf(SECOND)).toMatchObject([{ ask: { price: price('100.54') } }]);
  });

  it('is priced as before once the desk has priced again, and one from before the take is not', async () => {
    world.now += RFQ_SETTINGS.requoteMs;
    world.thinMarket();
    await world.quoted(SECOND);
    expect(quotesOf(SECOND)).toMatchObject([
      { ask: { price: price('100.05') }, basis: { taken: { ask: 0n, bid: 0n } } },
    ]);
    const [quote] = quotesOf(THIRD);
    await world.accept(THIRD, INSTRUMENT, quote === undefined ? {} : { quote });
    await world.answerHold(undefined, THIRD);
    expect(world.state(THIRD)).toBe(MOVED);
  });
});

describe('a quote of an outside pricer', () => {
  it.each([
    ['before', -1, MOVED],
    ['after', 1, 'FILLED / FILLED'],
  ])(
    'counts takes since its price was requested: %s one of long ago',
    async (_when, sinceMs, state) => {
      await world.quoted(RFQ);
      await world.accept(RFQ);
      await world.answerHold(undefined, RFQ);
      const takenAt = world.now;
      world.now += 2 * RFQ_SETTINGS.requoteMs;
      world.thinMarket();
      await world.quoted(SECOND);
      const [made] = quotesOf(SECOND);
      if (made?.basis == null) return expect.fail('there is no quote');
      const outside = { reference: null, askedAt: takenAt + sinceMs };
      const quote = { ...made, basis: { ...made.basis, outside } };
      world.desk.journal.state?.rfqs.keepQuote(quote);
      await world.accept(SECOND, INSTRUMENT, { quote });
      await world.answerHold(undefined, SECOND);
      expect(world.state(SECOND)).toBe(state);
    },
  );
});
