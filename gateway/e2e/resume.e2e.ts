// One process of four is killed while a client trades; the client follows its streams by their cursors.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FollowingClient } from './support/following-client.ts';
import { type Desk, startDesk, type UnitName } from './support/harness.ts';
import {
  BALANCE_CHANGED,
  BALANCES,
  type BalancesAnswer,
  type BalanceStreamMessage,
  ORDER_EVENTS,
  type OrderStreamMessage,
  PLACE_ORDER,
  type PlaceOrderAnswer,
} from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { poll } from './support/poll.ts';
import type { TraderClient } from './support/trader-client.ts';

const ORDERS = 12;
/** From then on the unit is away for a while. */
const KILLED_AFTER = 4;

let desk: Desk;
beforeAll(async () => {
  // Without quotes no order fills, and each is one event of the balance.
  desk = await startDesk({ feedStart: 'first-subscription' });
});
const followers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.close();
});
afterAll(() => desk.stop());

/** Places an order as a program does that must not lose it: again, under its id, until it is answered. */
async function placeForSure(trader: TraderClient, clientOrderId: string): Promise<void> {
  const order = limitOrder({
    accountId: trader.accountId,
    clientOrderId,
    side: 'BUY',
    quantity: '0.001',
    limitPrice: '50000',
  });
  await poll(async () => {
    const answer = await trader.send<PlaceOrderAnswer>(PLACE_ORDER, order).catch(() => null);
    return answer?.data?.placeOrder.__typename === 'OrderAccepted';
  }, 45_000);
}

describe.each<UnitName>(['gateway', 'order', 'account'])(
  'when the %s process is killed',
  (unit) => {
    it('private streams go on after their cursors, without a gap or a double', async () => {
      const trader = await desk.aTrader({ USDT: '10000' });
      const orders = new FollowingClient<OrderStreamMessage>(trader, ORDER_EVENTS);
      const balances = new FollowingClient<BalanceStreamMessage>(trader, BALANCE_CHANGED);
      followers.push(orders, balances);
      await orders.until(({ __typename }) => __typename === 'OrderSnapshot');
      await balances.until(({ __typename }) => __typename === 'BalanceSnapshot');
      let back = Promise.resolve();
      for (let count = 1; count <= ORDERS; count += 1) {
        await placeForSure(trader, `order-${count}`);
        if (count === KILLED_AFTER) back = desk.killAndStart(unit);
      }
      await back;
      await placeForSure(trader, 'last');
      const isLast = ({ type, order }: OrderStreamMessage) =>
        type === 'ACCEPTED' && order?.clientOrderId === 'last';
      await orders.until(isLast);
      const last = orders.events.find(isLast)?.order?.id;
      await balances.until(({ cause }) => cause?.orderId === last);

      expect(orders.events.map(({ sequence }) => Number(sequence))).toEqual(
        Array.from({ length: 1 + 2 * (ORDERS + 1) }, (_, index) => index),
      );
      expect(balances.events.slice(1).map(({ previousSequence }) => previousSequence)).toEqual(
        balances.events.slice(0, -1).map(({ sequence }) => sequence),
      );
      expect(orders.resumptions + balances.resumptions).toBeGreaterThan(0);
      const { account } = await trader.request<BalancesAnswer>(BALANCES, {
        accountId: trader.accountId,
      });
      expect(balances.events.at(-1)?.balances).toEqual(account?.balances);
    });
  },
);
