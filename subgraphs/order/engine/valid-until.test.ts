import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AccountId,
  type ClientOrderId,
  type OrderId,
  parseOrderId,
  trusted,
} from '#shared/domain/ids.ts';
import type { OrderChanges } from '../domain/order-amend.ts';
import { NO_INSTRUCTIONS } from '../domain/order-instructions.ts';
import type { OrderTerms } from '../domain/order.ts';
import { NOW_MS, price, quantity } from '../domain/test-orders.ts';
import { instructionsOfJson, instructionsToJson } from '../store/instructions-json.ts';
import { pendingOfJson, pendingToJson } from '../store/pending-amend-json.ts';
import {
  expectConsistent,
  INSTRUMENT,
  MemoryJournalStore,
  startDesk,
  SYMBOL,
} from './test-journal.ts';
import { resolveHold } from './resolve-hold.ts';
import { answerAmends, answerHolds, limitAt, placer } from './test-placement.ts';

// Commands that can take effect until a time, on a desk whose clock and ledger wait for the test.

describe('a command with validUntil', () => {
  let now: number;
  let store: MemoryJournalStore;
  let desk: ReturnType<typeof startDesk>;
  const submit = async (validUntil: number | null, terms: OrderTerms = limitAt('100')) => {
    const id = trusted(parseOrderId, `o-${store.orders.size}`);
    const ids = { id, accountId: 'a' as AccountId, clientOrderId: id as string as ClientOrderId };
    const what = { symbol: SYMBOL, side: 'BUY', quantity: quantity('1'), terms } as const;
    const instructions = { ...NO_INSTRUCTIONS, validUntil };
    await desk.engine.submit({ ...ids, ...what, instructions }, INSTRUMENT);
    return id;
  };
  const amend = (id: OrderId, validUntil: number | null, changes: OrderChanges) =>
    desk.engine.amend(
      id,
      { amendId: 'one', expectedVersion: null, validUntil, changes },
      INSTRUMENT,
    );
  /** What needs no funds: the order keeps what it holds. */
  const less = { quantity: quantity('0.5') };
  const more = { quantity: quantity('2') };
  const stateOf = (id: OrderId) => store.orders.get(id)?.state;
  const tooLate = (validUntil: number) => ({
    reason: 'TOO_LATE',
    rule: 'validUntil',
    limit: `${now}`,
    actual: `${validUntil}`,
  });
  /** As if another process had read the books. */
  const restart = async () => {
    desk = startDesk(store, { now: () => now });
    await desk.journal.start();
  };

  beforeEach(() => {
    now = NOW_MS;
    store = new MemoryJournalStore();
    desk = startDesk(store, { now: () => now });
  });

  it('places an order only before that time, and denies it at exactly that time', async () => {
    const [early, late] = [await submit(NOW_MS + 1), await submit(NOW_MS)];
    await answerHolds(desk, store);
    expect(stateOf(early)).toMatchObject({ status: 'ACCEPTED' });
    expect(stateOf(late)).toMatchObject({ status: 'DENIED', violations: [tooLate(NOW_MS)] });
  });

  it('denies an order that waits for its funds then, and releases them whenever they are held', async () => {
    const resting = await submit(NOW_MS + 1000);
    const atOnce = await submit(NOW_MS + 1000, { ...limitAt('100'), timeInForce: 'IOC' });
    await submit(NOW_MS + 60_000);
    now += 1000;
    await restart();
    for (const id of [resting, atOnce])
      expect(stateOf(id)).toMatchObject({
        status: 'DENIED',
        violations: [tooLate(NOW_MS + 1000)],
      });
    const told = store.outbox.length;
    const outcome = { kind: 'APPLIED', free: null } as const;
    const answer = { orderId: resting, outcome, instrument: INSTRUMENT };
    await desk.journal.run((turn) => resolveHold(turn, answer));
    expect(store.outbox.map((command) => Object.keys(command)[0])).toEqual([
      'releaseHold',
      'releaseHold',
    ]);
    expect(store.outbox).toHaveLength(told);
    await answerHolds(desk, store);
    expect([...store.orders.values()].map(({ state }) => state.status)).toEqual([
      'DENIED',
      'DENIED',
      'ACCEPTED',
    ]);
    expectConsistent(store);
  });

  it('ends an order that trades at once after ten seconds without its funds, and no other', async () => {
    const ids = [
      await submit(null, { ...limitAt('100'), timeInForce: 'IOC' }),
      await submit(NOW_MS + 60_000, { ...limitAt('100'), timeInForce: 'FOK' }),
      await submit(null),
    ];
    const statuses = () => ids.map((id) => stateOf(id)?.status);
    now += 9999;
    await desk.journal.run(() => undefined);
    expect(statuses()).toEqual(['SUBMITTED', 'SUBMITTED', 'SUBMITTED']);
    now += 1;
    await desk.journal.run(() => undefined);
    expect(statuses()).toEqual(['EXPIRED', 'EXPIRED', 'SUBMITTED']);
    expectConsistent(store);
  });

  it('ends an order that trades at once as soon on a clock that was set back', async () => {
    let setBackMs = 0;
    desk = startDesk(store, { now: () => now - setBackMs, steadyNow: () => now });
    const ioc = { ...limitAt('100'), timeInForce: 'IOC' } as const;
    const before = await submit(null, ioc);
    setBackMs = 3_600_000;
    const after = await submit(null, ioc);
    const statuses = () => [before, after].map((id) => stateOf(id)?.status);
    now += 9999;
    await desk.journal.run(() => undefined);
    expect(statuses()).toEqual(['SUBMITTED', 'SUBMITTED']);
    now += 1;
    await desk.journal.run(() => undefined);
    expect(statuses()).toEqual(['EXPIRED', 'EXPIRED']);
  });

  it('does not keep an order open that expires before that time', async () => {
    const terms = { orderType: 'LIMIT', limitPrice: price('100'), timeInForce: 'DAY' } as const;
    const id = await submit(NOW_MS + 1000, terms);
    await answerHolds(desk, store);
    now += 86_400_000;
    await desk.journal.run(() => undefined);
    expect(stateOf(id)).toMatchObject({ status: 'EXPIRED', expireReason: 'DAY_ENDED' });
  });

  it('says nothing about changes of the order after it was accepted', async () => {
    const id = await submit(NOW_MS + 1000);
    await answerHolds(desk, store);
    now += 1000;
    expect(await amend(id, null, less)).toMatchObject({ kind: 'amended' });
  });

  it('amends an order only before that time, and answers a repetition with what was made', async () => {
    const { id } = await placer(desk, store)('a', 'BUY', '1', limitAt('100'));
    expect(await amend(id, NOW_MS, less)).toMatchObject({
      kind: 'denied',
      violations: [tooLate(NOW_MS)],
    });
    expect(await amend(id, NOW_MS + 1, less)).toMatchObject({ kind: 'amended', replayed: false });
    now += 60_000;
    expect(await amend(id, NOW_MS + 1, less)).toMatchObject({ kind: 'amended', replayed: true });
  });

  it('does not end an order late by an amend to less than it has filled', async () => {
    const place = placer(desk, store);
    const { id } = await place('a', 'BUY', '1', limitAt('100'));
    await place('b', 'SELL', '0.5', limitAt('100'));
    const down = { quantity: quantity('0.4') };
    expect(await amend(id, NOW_MS, down)).toMatchObject({ violations: [tooLate(NOW_MS)] });
    expect(stateOf(id)).toMatchObject({ status: 'PARTIALLY_FILLED' });
  });

  it.each([
    ['after its time', 1000, 1000],
    ['after ten seconds without one', null, 10_000],
    ['after ten seconds before its time', 60_000, 10_000],
  ])(
    'denies an amend whose funds are held %s, and gives them back',
    async (_when, until, limitMs) => {
      const { id } = await placer(desk, store)('a', 'BUY', '1', limitAt('100'));
      await placer(desk, store)('b', 'SELL', '1', limitAt('101'));
      const through = { ...more, limitPrice: price('101') };
      void amend(id, until === null ? null : NOW_MS + until, through);
      await desk.journal.run(() => undefined);
      now += limitMs;
      await restart();
      await answerAmends(desk, store);
      expect(stateOf(id)).toMatchObject({ status: 'ACCEPTED' });
      expect(store.events.at(-1)?.type).toBe('AMEND_REJECTED');
      expect(store.events.filter(({ type }) => type === 'FILL')).toEqual([]);
      expect(store.outbox.map((command) => Object.keys(command)[0])).toEqual(['shrinkHold']);
      expectConsistent(store);
    },
  );

  it('makes an amend whose funds are held in time', async () => {
    const { id } = await placer(desk, store)('a', 'BUY', '1', limitAt('100'));
    const amending = amend(id, null, more);
    await desk.journal.run(() => undefined);
    now += 9999;
    await answerAmends(desk, store);
    expect(await amending).toMatchObject({ kind: 'amended' });
  });

  it('is stored until it is decided, and no longer', async () => {
    const id = await submit(NOW_MS + 1000);
    const before = store.orders.get(id)?.instructions;
    expect(before && instructionsOfJson(instructionsToJson(before))).toEqual(before);
    await answerHolds(desk, store);
    const after = store.orders.get(id)?.instructions;
    expect(after && instructionsToJson(after)).toBeNull();
    void amend(id, NOW_MS + 500, more);
    await desk.journal.run(() => undefined);
    const state = stateOf(id);
    if (state?.status !== 'PENDING_UPDATE') throw new Error(`it is ${state?.status}`);
    expect(state.pending.validUntil).toBe(NOW_MS + 500);
    expect(pendingOfJson(pendingToJson(state)).pending).toEqual(state.pending);
  });
});
