import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

const AMEND_ORDERS = /* GraphQL */ `
  mutation ($input: AmendOrdersInput!) {
    amendOrders(input: $input) {
      __typename
      ... on AmendsAnswered {
        results {
          __typename
          ... on OrderAmended {
            priorityKept
            replayed
            order {
              id
              version
              quantity
              updatedAt
            }
          }
          ... on AmendDenied {
            denial {
              reason
            }
          }
          ... on AmendConflict {
            differingFields
          }
        }
      }
    }
  }
`;
interface Result {
  readonly __typename: string;
  readonly replayed?: boolean;
  readonly order?: { readonly id: string; readonly version: number; readonly updatedAt: string };
}
interface Answer {
  readonly amendOrders: { readonly __typename: string; readonly results: readonly Result[] };
}
const EVENTS = `SELECT event ->> 'type' AS type, event #>> '{order,client_order_id}' AS id FROM order_events
  WHERE account_id = $1 ORDER BY sequence`;

describe('amendOrders', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk({ messageRate: { most: 300, windowMs: 3_600_000 } });
  });
  afterAll(() => desk.stop());

  const send = (
    trader: TestTrader,
    amends: readonly object[],
    accountId = trader.accountId,
    more: object = {},
  ) => trader.query<Answer | null>(AMEND_ORDERS, { input: { accountId, amends, ...more } });
  const resultsOf = async (...args: Parameters<typeof send>) =>
    (await send(...args)).data?.amendOrders.results ?? [];
  const bid = (trader: TestTrader, quantity = '0.001', clientOrderId = trader.nextId()) =>
    trader.place(trader.limit('BUY', quantity, '50000', { clientOrderId }));

  it('answers each amend for itself, in the order of the input, whichever id names the order', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const [first, second] = [await bid(trader, '0.004', 'a'), await bid(trader, '0.004', 'b')];
    await trader.cancel((await bid(trader, '0.001', 'ended')).order.id);
    const smaller = { quantity: '0.002' };
    const results = await resultsOf(trader, [
      { order: { clientOrderId: 'a' }, amendId: 'x', changes: smaller },
      { order: { id: second.order.id }, amendId: 'x', changes: { limitPrice: '50000.005' } },
      { order: { clientOrderId: 'none' }, amendId: 'x', changes: smaller },
      { order: { clientOrderId: 'ended' }, amendId: 'x', changes: smaller },
      { order: { id: second.order.id }, amendId: 'a b', changes: smaller },
      { order: { id: second.order.id }, amendId: 'y', expectedVersion: 2, changes: smaller },
      { order: { id: second.order.id }, amendId: 'z', expectedVersion: 1, changes: smaller },
    ]);
    expect(results).toMatchObject([
      { __typename: 'OrderAmended', priorityKept: true, order: { id: first.order.id, version: 2 } },
      { __typename: 'AmendDenied', denial: { reason: 'PRICE_OFF_TICK' } },
      { __typename: 'OrderNotFound' },
      { __typename: 'OrderNotAmendable' },
      { __typename: 'AmendDenied', denial: { reason: 'INVALID_CLIENT_ORDER_ID' } },
      { __typename: 'AmendConflict', differingFields: [] },
      { __typename: 'OrderAmended', order: { id: second.order.id, version: 2 } },
    ]);
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/200.2/799.8',
    );
  });

  it('denies each of them after the time that the batch names', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { order } = await bid(trader, '0.004');
    const amends = ['0.003', '0.002'].map((quantity) => ({
      order: { id: order.id },
      amendId: quantity,
      changes: { quantity },
    }));
    const past = { validUntil: '2020-01-01T00:00:00Z' };
    const late = { __typename: 'AmendDenied', denial: { reason: 'TOO_LATE' } };
    expect(await resultsOf(trader, amends, trader.accountId, past)).toEqual([late, late]);
  });

  it('takes a hundred in one turn, and the same hundred again as the first ones', async () => {
    const trader = await desk.aTrader({ USDT: '20000' });
    for (let count = 0; count < 100; count += 1) await bid(trader, '0.002', `o-${count}`);
    // By our id and by the client’s in turns: one look-up is not ahead of the other.
    const ids = await idsOf(trader);
    const amends = ids.map((id, index) => ({
      order: index % 2 === 0 ? { id } : { clientOrderId: `o-${index}` },
      amendId: 'smaller',
      changes: { quantity: '0.001' },
    }));
    const first = await resultsOf(trader, amends);
    expect(first.map(({ order }) => order?.id)).toEqual(ids);
    // All of one turn happened at the same time.
    expect(new Set(first.map(({ order }) => order?.updatedAt)).size).toBe(1);
    const events = await eventsOf(trader);
    const amended = events.filter(({ type }) => type === 'AMENDED').map(({ id }) => id);
    expect(amended).toEqual(ids.map((_, index) => `o-${index}`));
    const again = await resultsOf(trader, amends);
    expect(again).toEqual(first.map((result) => ({ ...result, replayed: true })));
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '20000/5005/14995',
    );
  });

  it('changes one order more than once in their order, and knows one amendId once', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { order } = await bid(trader, '0.004');
    const amend = (amendId: string, quantity: string) => ({
      ...{ order: { id: order.id }, amendId },
      changes: { quantity },
    });
    const results = await resultsOf(trader, [
      amend('one', '0.003'),
      amend('one', '0.003'),
      amend('one', '0.002'),
      amend('two', '0.001'),
    ]);
    expect(results).toMatchObject([
      { __typename: 'OrderAmended', replayed: false },
      { __typename: 'OrderAmended', replayed: true },
      { __typename: 'AmendConflict', differingFields: ['quantity'] },
      { __typename: 'OrderAmended', replayed: false, order: { version: 3, quantity: '0.00100' } },
    ]);
  });

  it('lets the second of two that need more funds wait for the first, of one order', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const [{ order }, other] = [await bid(trader), await bid(trader)];
    const amend = (id: string, amendId: string, quantity: string) => ({
      ...{ order: { id }, amendId },
      changes: { quantity },
    });
    const results = await resultsOf(trader, [
      amend(order.id, 'one', '0.002'),
      amend(order.id, 'two', '0.003'),
      amend(order.id, 'one', '0.002'),
      amend(other.order.id, 'one', '0.1'),
    ]);
    expect(results).toMatchObject([
      { __typename: 'OrderAmended', order: { version: 2, quantity: '0.00200' } },
      { __typename: 'OrderNotAmendable' },
      { __typename: 'OrderAmended', order: { version: 2 } },
      { __typename: 'AmendDenied', denial: { reason: 'NOTIONAL_EXCEEDS_FREE_BALANCE' } },
    ]);
    expect(await trader.balances()).toEqual({ USDT: '1000/150.15/849.85' });
  });

  it('counts each amend as a message, and takes the first ones', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const orders = [await bid(trader), await bid(trader), await bid(trader)];
    // Each at a lower price than the one before: none waits for funds.
    const batch = (place: number) =>
      Array.from({ length: 100 }, (_, index) => ({
        ...{ order: { id: orders[place]?.order.id }, amendId: `n-${index}` },
        changes: { limitPrice: `${49_999 - index}` },
      }));
    // With the orders themselves that makes 203; what is no amend of an order counts for nothing.
    for (const place of [0, 1]) await send(trader, batch(place));
    const [amend] = batch(2);
    await send(trader, [
      { ...amend, order: { id: 'none' } },
      { ...amend, amendId: '' },
    ]);
    const results = await resultsOf(trader, batch(2));
    expect(results.map(({ __typename }) => __typename)).toEqual([
      ...Array<string>(97).fill('OrderAmended'),
      ...Array<string>(3).fill('AmendDenied'),
    ]);
    expect(results.at(-1)).toMatchObject({ denial: { reason: 'RATE_LIMIT_EXCEEDED' } });
  });

  it.each([0, 101])('of %s amends is refused whole', async (count) => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { order } = await bid(trader, '0.004');
    const { data, errors } = await send(
      trader,
      Array.from({ length: count }, (_, index) => ({
        ...{ order: { id: order.id }, amendId: `n-${index}` },
        changes: { quantity: '0.001' },
      })),
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      {
        message: `Field "amends" must have 1 to 100 entries; it has ${count}.`,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(await trader.balances()).toEqual({ USDT: '1000/200.2/799.8' });
  });

  it('of an account that is not yours is one answer, and of an order that is not yours finds none', async () => {
    const [trader, victim] = [await desk.aTrader(), await desk.aTrader({ USDT: '1000' })];
    const { order } = await bid(victim, '0.004');
    const amend = { order: { id: order.id }, amendId: 'x', changes: { quantity: '0.001' } };
    expect((await send(trader, [amend], victim.accountId)).data?.amendOrders).toEqual({
      __typename: 'AccountNotFound',
    });
    expect(await resultsOf(trader, [amend])).toEqual([{ __typename: 'OrderNotFound' }]);
    expect(await victim.balances()).toEqual({ USDT: '1000/200.2/799.8' });
  });

  const idsOf = async (trader: TestTrader) => {
    const query = `query ($id: ID!) { orders(accountId: $id, first: 250) { edges { node { id } } } }`;
    const { data } = await trader.query<{
      orders: { edges: readonly { node: { id: string } }[] };
    }>(query, { id: trader.accountId });
    return data.orders.edges.map(({ node }) => node.id).reverse();
  };
  const eventsOf = ({ accountId }: TestTrader) =>
    desk.databases.order.sql<{ type: string; id: string }>(EVENTS, [accountId]);
});
