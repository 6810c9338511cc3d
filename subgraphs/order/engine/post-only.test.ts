import { expect, it } from 'vitest';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import { MESSAGE_RATE, MessageRate } from '../domain/rules/message-rate.ts';
import { OneAtATime } from '../domain/one-at-a-time.ts';
import { placeOrder } from '../domain/use-cases/place-order.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { answerAmends, limitAt, placer } from './test-placement.ts';
import { triggerAt } from './test-waiting.ts';

const instructions = { ...NO_INSTRUCTIONS, postOnly: 'REJECT' } as const;

it('says where a post-only order would have rested, when it comes and when it is changed', async () => {
  const store = new MemoryJournalStore();
  const desk = startDesk(store);
  const place = placer(desk, store);
  await place('m', 'SELL', '1', limitAt('101'));
  const rejected = await place('a', 'BUY', '1', limitAt('102'), { instructions });
  expect(rejected.state).toMatchObject({ status: 'REJECTED', touchPrice: price('101') });
  const { id } = await place('a', 'BUY', '1', limitAt('100'), { instructions });
  const change = { amendId: 'm', expectedVersion: null, changes: { limitPrice: price('102') } };
  expect(await desk.engine.amend(id, change, INSTRUMENT)).toMatchObject({
    violations: [
      {
        reason: 'POST_ONLY_WOULD_TAKE',
        rule: 'limitPrice',
        limit: '101.00',
        actual: '102.00',
        nearestValid: '100.99',
      },
    ],
  });
});

it('keeps the price that a post-only order was moved to while an amend waited for funds', async () => {
  const store = new MemoryJournalStore();
  const desk = startDesk(store);
  const place = placer(desk, store);
  desk.hear('60', '140');
  await place('m', 'SELL', '1', limitAt('106'));
  const moves = { ...NO_INSTRUCTIONS, postOnly: 'REPRICE' } as const;
  const { id } = await place('a', 'BUY', '1', limitAt('107'), {
    ...triggerAt('STOP', '105', 'LAST_PRICE'),
    instructions: moves,
  });
  const changes = { quantity: quantity('2'), limitPrice: price('108') };
  const amending = desk.engine.amend(
    id,
    { amendId: 'more', expectedVersion: null, changes },
    INSTRUMENT,
  );
  await place('x', 'BUY', '0.001', limitAt('105'));
  await place('y', 'SELL', '0.001', limitAt('105'));
  await answerAmends(desk, store);
  const message = 'The order changed before the funds for the amend were held.';
  expect(await amending).toMatchObject({
    violations: [{ reason: 'TOO_LATE', rule: 'version', message }],
  });
  expect(store.orders.get(id)).toMatchObject({
    quantity: quantity('1'),
    terms: { limitPrice: price('105.99') },
    state: { status: 'TRIGGERED' },
  });
});

it('is rejected with its fills if the market comes before its amend reaches the book', async () => {
  const store = new MemoryJournalStore();
  const desk = startDesk(store, { mostEvents: 1 });
  const place = placer(desk, store);
  desk.hear('90', '110');
  const terms = limitAt('100');
  const { id } = await place('a', 'BUY', '1', terms, { instructions });
  await place('b', 'SELL', '0.4', limitAt('100'));
  const commit = store.commit.bind(store);
  store.commit = (changes) => {
    // The turn has no room for the book: the next one brings the order there.
    if (changes.events.some(({ type }) => type === 'AMENDED')) desk.hear('90', '101');
    return commit(changes);
  };
  const change = { amendId: 'up', expectedVersion: null, changes: { limitPrice: price('102') } };
  const amending = desk.engine.amend(id, change, INSTRUMENT);
  await desk.journal.idle();
  await answerAmends(desk, store);
  expect(await amending).toMatchObject({ kind: 'amended' });
  await desk.journal.idle();
  expect(store.orders.get(id)).toMatchObject({
    filledQuantity: quantity('0.4'),
    state: { status: 'REJECTED', rejectReason: 'POST_ONLY_WOULD_TAKE', touchPrice: price('101') },
  });
  expectConsistent(store);
  const ports = {
    journal: desk.engine,
    orders: {
      byId: () => Promise.resolve(null),
      byClientOrderId: () => Promise.resolve(store.orders.get(id) ?? null),
    },
    instruments: desk.instruments,
    twins: new OneAtATime(),
    messageRate: new MessageRate(MESSAGE_RATE),
    newOrderId: () => id,
    clock: { now: () => NOW_MS },
    within: <Result>(_limitMs: number, work: Promise<Result>) => work,
  };
  const access = { userId: null, mayTrade: () => true, mayRead: () => true };
  const about = { accountId: 'a', clientOrderId: id, symbol: SYMBOL, side: 'BUY' } as const;
  const command = { ...about, quantity: quantity('1'), terms, instructions };
  // A rejected order is said to have traded nothing.
  expect(await placeOrder(ports, access, command)).toMatchObject({
    ...{ kind: 'accepted', replayed: true },
    order: { filledQuantity: quantity('0.4') },
  });
});
