import { beforeEach, describe, expect, it } from 'vitest';
import { ONE } from '#shared/domain/decimal.ts';
import type {
  AccountId,
  ClientOrderId,
  ClientRfqId,
  InstrumentSymbol,
  OrderId,
  QuoteId,
  RfqId,
} from '#shared/domain/ids.ts';
import { priceOfUnits } from '#shared/domain/price.ts';
import { quantityOfUnits } from '#shared/domain/quantity.ts';
import { NOTHING_TAKEN } from '../../domain/rfq/taken-depth.ts';
import { money, quantity } from '../../domain/test-orders.ts';
import { INSTRUMENT, SYMBOL } from '../test-journal.ts';
import { RfqEngine } from './rfq-engine.ts';
import { buying, firmOf, LevelWorld, nextFrame } from './test-levels.ts';
import { expectSound } from './test-sound-rfqs.ts';

let world: LevelWorld;
beforeEach(async () => {
  world = await new LevelWorld().begin();
});
const { requoteMs } = new LevelWorld().settings;

describe('the accept of a level', () => {
  it('makes a request, its quote and its order in one turn, and trades like the accept of a quote', async () => {
    const shown = firmOf(await nextFrame(world.follow('anna')));
    expect(await world.accept(buying('anna', shown))).toBe('pending');
    expect(world.store.rfq.events.map(({ type }) => type)).toEqual([
      ...['REQUESTED', 'QUOTED', 'ACCEPT_PENDING'],
    ]);
    await world.answerHolds();
    expect([...world.store.rfq.rfqs.values()]).toMatchObject([
      { origin: 'LEVEL', side: null, state: { status: 'FILLED' } },
    ]);
    expectSound(world.store);
  });

  it('is refused from the instant on at which the level has expired, or when it has moved', async () => {
    const frames = world.follow('anna');
    const shown = firmOf(await nextFrame(frames));
    const late = { ...buying('anna', shown), arrivedAt: shown.level.validUntil };
    expect(await world.accept(late)).toBe('LEVEL_NO_LONGER_VALID');
    world.market(10_001);
    world.wait(requoteMs);
    expect(await world.accept(buying('anna', shown))).toBe('LEVEL_NO_LONGER_VALID');
    expect(await world.accept(buying('anna', firmOf(await nextFrame(frames))))).toBe('pending');
  });

  it('is refused for another account’s level, or one that was never shown', async () => {
    const shown = firmOf(await nextFrame(world.follow('anna')));
    const good = buying('anna', shown);
    expect(await world.accept({ ...good, account: 'otto' })).toBe('LEVEL_NO_LONGER_VALID');
    const [, mark = ''] = shown.quoteId.split('.');
    for (const made of [`${shown.level.id}.${mark}.1`, `level-9.${mark}.0`, shown.level.id, 'x'])
      expect(await world.accept({ ...good, quoteId: made as QuoteId })).toBe(
        'LEVEL_NO_LONGER_VALID',
      );
  });

  it('is refused once the level was taken, and others still can; the account sees the next price under a new id', async () => {
    const [anna, otto] = [world.follow('anna'), world.follow('otto')];
    const [shown, theirs] = [firmOf(await nextFrame(anna)), firmOf(await nextFrame(otto))];
    expect(await world.accept(buying('anna', shown))).toBe('pending');
    expect(await world.accept(buying('anna', shown))).toBe('QUOTE_ALREADY_USED');
    expect(await world.accept(buying('otto', theirs))).toBe('pending');
    world.market(10_000);
    world.wait(requoteMs);
    const next = firmOf(await nextFrame(anna));
    expect(next.quoteId).not.toBe(shown.quoteId);
    expect(await world.accept(buying('anna', next))).toBe('pending');
  });

  it('is the only one of its user in the instrument until it is priced again: many small ones at once would be a large one', async () => {
    const sizes = [quantity('1'), quantity('1.5')];
    const streams = [
      world.follow('anna', sizes, 'ursula'),
      world.follow('emil', sizes, 'ursula'),
      world.follow('anna', sizes, 'bert'),
    ] as const;
    const first = await nextFrame(streams[0]);
    const second = await nextFrame(streams[1]);
    const shared = await nextFrame(streams[2]);
    const taken = firmOf(first);
    expect(await world.accept(buying('anna', taken), 'ursula')).toBe('pending');
    const counted = taken.quoteId.replace(/0$/, '1') as QuoteId;
    const others = [
      world.accept({ ...buying('anna', taken), quoteId: counted }, 'ursula'),
      world.accept(buying('anna', firmOf(first, 1)), 'ursula'),
      world.accept(buying('emil', firmOf(second)), 'ursula'),
      world.accept(buying('anna', firmOf(shared, 1)), 'bert'),
    ];
    expect(await Promise.all(others)).toEqual(Array(4).fill('LEVEL_NO_LONGER_VALID'));
    for (const frames of streams)
      expect((await nextFrame(frames)).levels).toMatchObject(
        Array(2).fill({ kind: 'none', refusal: { reason: 'NOT_QUOTING' } }),
      );
    world.wait(requoteMs - 1);
    expect(await world.accept(buying('emil', firmOf(second)), 'ursula')).not.toBe('pending');
    world.market(10_000);
    world.wait(1);
    const again = await nextFrame(streams[0]);
    expect(await world.accept(buying('anna', firmOf(again, 1)), 'ursula')).toBe('pending');
  });

  it('is refused in the very turn in which another one was taken', async () => {
    const first = await nextFrame(world.follow('anna', [quantity('1'), quantity('1.5')]));
    const both = [0, 1].map((index) => world.accept(buying('anna', firmOf(first, index))));
    expect(await Promise.all(both)).toEqual(['pending', 'LEVEL_NO_LONGER_VALID']);
  });

  it.each([
    ['the desk', null],
    ['an outside pricer', 0],
  ])(
    'is not shown to whoever has just accepted a quote of %s, until it is priced again',
    async (_who, askedAt) => {
      world.outside = askedAt === null ? null : { reference: null, askedAt: world.now };
      const [anna, otto] = [world.follow('anna'), world.follow('otto')];
      const shown = firmOf(await nextFrame(anna));
      await nextFrame(otto);
      const requests = new RfqEngine(world.desk.journal);
      const id = 'rfq' as RfqId;
      const about = { accountId: 'anna' as AccountId, symbol: SYMBOL, side: 'BUY' } as const;
      const size = { quantity: quantity('1'), quoteQuantity: null };
      const asked = { ...about, id, clientRfqId: 'c' as ClientRfqId, size };
      const requested = await requests.request(asked, INSTRUMENT);
      const quote = requested.kind === 'denied' ? null : requested.quote;
      if (quote === null || quote.ask === null) return expect.fail('There is no quote.');
      const terms = { quoteId: quote.id, symbol: SYMBOL, side: 'BUY', ...quote.ask } as const;
      world.wait(1);
      await requests.accept(
        {
          ...{ accountId: about.accountId, userId: null, rfqId: id, arrivedAt: world.now },
          ...{ orderId: 'order' as OrderId, comparisonToken: null },
          terms: { ...terms, clientOrderId: 'o' as ClientOrderId, maxSlippageBps: 0 },
        },
        INSTRUMENT,
      );
      const none = [{ kind: 'none', refusal: { reason: 'NOT_QUOTING' } }];
      expect((await nextFrame(anna)).levels).toMatchObject(none);
      expect(await world.accept(buying('anna', shown))).toBe('LEVEL_NO_LONGER_VALID');
      world.outside = askedAt === null ? null : { reference: null, askedAt: world.now + 1 };
      world.market(10_000);
      world.wait(requoteMs);
      firmOf(await nextFrame(anna));
    },
  );

  it('is for whoever has taken one at an outside price only once that was requested again', async () => {
    world.outside = { reference: null, askedAt: world.now };
    const [anna, otto] = [world.follow('anna'), world.follow('otto')];
    const taken = firmOf(await nextFrame(anna));
    firmOf(await nextFrame(otto));
    world.wait(1);
    expect(await world.accept(buying('anna', taken))).toBe('pending');
    await world.answerHolds();
    expect((await nextFrame(anna)).levels).toMatchObject([{ refusal: { reason: 'NOT_QUOTING' } }]);
    world.market(10_000);
    world.wait(requoteMs);
    const next = taken.quoteId.replace(/0$/, '1') as QuoteId;
    expect(await world.accept({ ...buying('anna', taken), quoteId: next })).toBe(
      'LEVEL_NO_LONGER_VALID',
    );
    world.outside = { reference: null, askedAt: world.now };
    world.market(10_000);
    world.wait(requoteMs);
    firmOf(await nextFrame(otto));
    expect(await world.accept(buying('anna', firmOf(await nextFrame(anna))))).toBe('pending');
    await world.answerHolds();
    const states = [...world.store.rfq.rfqs.values()].map(({ state }) => state.status);
    expect(states).toEqual(['FILLED', 'FILLED']);
  });

  it('is refused with one reason for each term that differs', async () => {
    const shown = firmOf(await nextFrame(world.follow('anna')));
    const good = buying('anna', shown);
    const { price, quantity: size } = good.offered;
    const tick = priceOfUnits(price + INSTRUMENT.tickSize);
    const more = quantityOfUnits(size + ONE);
    const reasons = [
      await world.accept({ ...good, symbol: 'ETH-USDT' as InstrumentSymbol }),
      await world.accept({ ...good, offered: { price: tick, quantity: size } }),
      await world.accept({ ...good, offered: { price, quantity: more } }),
      await world.accept({ ...good, side: 'SELL' }),
    ];
    expect(reasons).toEqual([
      ...['INSTRUMENT_MISMATCH', 'PRICE_MISMATCH', 'QUANTITY_MISMATCH', 'PRICE_MISMATCH'],
    ]);
    expect(await world.accept(good)).toBe('pending');
  });

  it('is subject to the credit limits like the accept of a quote', async () => {
    const limit = { gross: money('150'), net: money('150') };
    world = await new LevelWorld({ credit: { client: limit, desk: limit } }).begin();
    const frames = world.follow('anna');
    expect(await world.accept(buying('anna', firmOf(await nextFrame(frames))))).toBe('pending');
    world.wait(requoteMs);
    expect(await world.accept(buying('anna', firmOf(await nextFrame(frames))))).toBe(
      'CREDIT_LIMIT_EXCEEDED',
    );
  });

  it('that could not be stored leaves nothing behind, and ends all earlier levels', async () => {
    const frames = world.follow('anna');
    const shown = firmOf(await nextFrame(frames));
    world.store.failsNext = true;
    await expect(world.accept(buying('anna', shown))).rejects.toThrow('did not respond');
    expect(world.store.rfq.rfqs.size).toBe(0);
    await world.desk.journal.start();
    expect(await world.accept(buying('anna', shown))).toBe('LEVEL_NO_LONGER_VALID');
    world.wait(requoteMs);
    expect(await world.accept(buying('anna', firmOf(await nextFrame(frames))))).toBe('pending');
  });

  it('that could not be stored takes nothing from the book for the next quote', async () => {
    const shown = firmOf(await nextFrame(world.follow('anna')));
    world.store.failsNext = true;
    await expect(world.accept(buying('anna', shown))).rejects.toThrow('did not respond');
    const names = { id: 'rfq' as RfqId, clientRfqId: 'c' as ClientRfqId };
    const size = { quantity: quantity('1'), quoteQuantity: null };
    const about = { accountId: 'anna' as AccountId, symbol: SYMBOL, side: 'BUY', size } as const;
    const requests = new RfqEngine(world.desk.journal);
    expect(await requests.request({ ...names, ...about }, INSTRUMENT)).toMatchObject({
      quote: { basis: { taken: NOTHING_TAKEN } },
    });
  });

  it('is refused by a process that no longer owns the books, as is a new stream', async () => {
    const frames = world.follow('anna');
    const shown = firmOf(await nextFrame(frames));
    world.desk.journal.resign();
    expect(() => world.follow('anna')).toThrow('owns');
    await world.restart();
    expect(await world.accept(buying('anna', shown))).toBe('LEVEL_NO_LONGER_VALID');
  });
});
