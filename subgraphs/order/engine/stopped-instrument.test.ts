import { describe, expect, it } from 'vitest';
import { noFault } from '#shared/faults/fault-point.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { FundsOutcome } from '../domain/ports/funds.ts';
import { NO_LINK } from '../domain/order-link.ts';
import { price, quantity } from '../domain/test-orders.ts';
import { HoldSaga } from './hold-saga.ts';
import { drawn, expectConsistent, SYMBOL } from './test-journal.ts';
import { limitAt } from './test-placement.ts';
import { MARKET, triggerAt, WaitingWorld } from './test-waiting.ts';
import { TriggerWatch } from './triggers/trigger-watch.ts';

// What protects a position while the venue has stopped the instrument, or the desk has frozen the account.

/** What the ledger answers. */
interface Ledger {
  kind: FundsOutcome['kind'];
}

const logger = createLogger({ unit: 'test', level: 'silent' });

describe('a stop order', () => {
  it('that a quote met as the instrument stopped is set off once it trades again', async () => {
    const world = new WaitingWorld();
    const { desk } = world;
    const clock = { now: () => world.now };
    const watch = new TriggerWatch({ ...desk, quotes: desk.house, clock, logger });
    await world.tick('99.99', '100.00');
    const stop = await world.place('a', 'SELL', '1', MARKET, triggerAt('STOP', '95'));
    world.hear('94.99', '95.00');
    watch.look(SYMBOL);
    world.hearStatus('HALTED');
    world.hear('94.99', '95.00');
    watch.look(SYMBOL);
    await world.turn();
    expect(world.statusOf(stop.id)).toBe('ACCEPTED');
    world.hearStatus('TRADING');
    world.hear('96.00', '96.01');
    watch.look(SYMBOL);
    await expect.poll(() => world.statusOf(stop.id)).toBe('FILLED');
    expectConsistent(world.store);
  });
});

describe('the exit of a BUY that ends while it cannot be placed', () => {
  /** A desk with a BUY of which a part has filled, and that was canceled after this. */
  async function aDesk(before: (desk: { world: WaitingWorld; ledger: Ledger }) => void) {
    const world = new WaitingWorld();
    const ledger: Ledger = { kind: 'APPLIED' };
    const { desk, store } = world;
    const waiting: (() => void)[] = [];
    const waits: number[] = [];
    const saga = new HoldSaga({
      ...{ ...desk, faults: noFault, logger },
      funds: { apply: async (asked) => asked.map(() => ({ ...ledger, free: null })) },
      settled: () => Promise.resolve(),
      pause: (ms) => new Promise((resolve) => void (waits.push(ms), waiting.push(resolve))),
    });
    desk.journal.listen(saga);
    await world.tick('99.99', '100.01');
    const stop = { triggerPrice: price('95'), source: 'BID_ASK', limitPrice: price('90') } as const;
    const link = { ...NO_LINK, exit: { takeProfitPrice: price('110'), stop } };
    const entry = await world.place('a', 'BUY', '1', limitAt('100'), { link });
    await world.place('b', 'SELL', '0.4', limitAt('100'));
    before({ world, ledger });
    await desk.engine.cancel(entry.id);
    const exit = () =>
      [...store.orders.values()].find(({ link: one }) => one.parentOrderId !== null);
    await expect.poll(() => waiting.length).toBe(1);
    const wake = () => waiting.splice(0).forEach((go) => go());
    return { world, ledger, desk, store, exit, wake, waits };
  }
  const stopped = () => aDesk(({ world }) => world.hearStatus('HALTED'));
  const frozen = () => aDesk(({ ledger }) => void (ledger.kind = 'ACCOUNT_UNAVAILABLE'));

  it('waits with its hold, and is placed once the instrument trades', async () => {
    const { world, desk, store, exit, wake } = await stopped();
    wake();
    await world.turn();
    expect(exit()).toMatchObject({ quantity: quantity('0.4'), state: { status: 'SUBMITTED' } });
    expect(drawn(desk.venue.book(SYMBOL))).toEqual([]);
    world.hearStatus('TRADING');
    wake();
    await expect.poll(() => exit()?.state.status).toBe('ACCEPTED');
    await world.tick('94.99', '95.00');
    expect(exit()).toMatchObject({ state: { status: 'FILLED' } });
    expectConsistent(store);
  });

  it('waits for its hold, and is placed once its account is no longer frozen', async () => {
    const { world, ledger, desk, store, exit, wake } = await frozen();
    wake();
    await world.turn();
    expect(exit()).toMatchObject({ quantity: quantity('0.4'), state: { status: 'SUBMITTED' } });
    expect(drawn(desk.venue.book(SYMBOL))).toEqual([]);
    ledger.kind = 'APPLIED';
    await expect
      .poll(() => {
        wake();
        return exit()?.state.status;
      })
      .toBe('ACCEPTED');
    expectConsistent(store);
  });

  it('asks for its hold every two seconds at least, so that a position is not without it for longer', async () => {
    const { wake, waits } = await frozen();
    await expect
      .poll(() => {
        wake();
        return waits.length;
      })
      .toBeGreaterThan(9);
    expect(Math.max(...waits)).toBeLessThan(2000);
  });

  it('is denied if the account, no longer frozen, was emptied and closed before it had its hold', async () => {
    const { world, ledger, desk, store, exit, wake } = await frozen();
    ledger.kind = 'ACCOUNT_CLOSED';
    await expect
      .poll(() => {
        wake();
        return exit()?.state;
      })
      .toMatchObject({ status: 'DENIED', violations: [{ reason: 'ACCOUNT_BLOCKED' }] });
    await world.turn();
    expect([...(desk.journal.state?.orders() ?? [])].map(({ id }) => id)).not.toContain(exit()?.id);
    expectConsistent(store);
  });

  it.each([
    ['stopped', stopped],
    ['frozen', frozen],
  ])('can be canceled while %s', async (_name, begin) => {
    const { world, ledger, desk, store, exit, wake } = await begin();
    const { id } = exit() ?? expect.fail('there is no exit');
    await desk.engine.cancel(id);
    world.hearStatus('TRADING');
    ledger.kind = 'APPLIED';
    wake();
    await world.turn();
    expect(exit()?.state).toMatchObject({ status: 'CANCELED', cancelReason: 'USER_REQUEST' });
    expect(store.outbox.at(-1)).toMatchObject({ releaseHold: { orderId: id } });
  });
});
