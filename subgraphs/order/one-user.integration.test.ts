import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import type { TestTrader } from './test-trader.ts';

// One user with two accounts, on real servers and stores: what counts for the user and not for each account.

const PLACE = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      __typename
      ... on OrderAccepted {
        order {
          id
          status
          cancelReason
          preventedMatches {
            mode
            makerOrderId
            price
            makerPreventedQuantity
          }
        }
      }
      ... on OrderDenied {
        denial {
          reason
          rule
          retryAfterMs
        }
      }
    }
  }
`;
const PREVIEW = /* GraphQL */ `
  query ($input: PlaceOrderInput!) {
    previewOrder(input: $input) {
      ... on OrderPreview {
        end
        estimatedFilledQuantity
      }
    }
  }
`;
const LIMITS = /* GraphQL */ `
  query ($id: ID!) {
    _entities(representations: [{ __typename: "Account", id: $id }]) {
      ... on Account {
        tradingLimits(symbol: "BTC-USDT") {
          messageWindow {
            remaining
          }
        }
      }
    }
  }
`;

const AMEND = /* GraphQL */ `
  mutation ($input: AmendOrderInput!) {
    amendOrder(input: $input) {
      __typename
    }
  }
`;

interface Placed {
  readonly placeOrder: { readonly __typename: string; readonly order?: { readonly id: string } };
}

let desk: TestDesk;
let [first, second, other]: TestTrader[] = [];
beforeAll(async () => {
  desk = await startTestDesk({ messageRate: { most: 8, windowMs: 3_600_000 } });
  first = await desk.aTrader({ BTC: '1' });
  second = await desk.aTrader({ USDT: '100000' });
  other = await desk.aTrader({ USDT: '100000' });
  desk.quote({ bids: [['50000', '0.00001']], asks: [['50010', '0.00001']] });
});
afterAll(() => desk.stop());

const known = (trader: TestTrader | undefined): TestTrader => {
  if (trader === undefined) throw new Error('the desk has not started');
  return trader;
};
/** Asks as the first account's user, who also has the second account. */
const onSecond = async <Data>(query: string, variables: Record<string, unknown>) => {
  const { viewer } = known(first);
  const accounts = [...viewer.accounts, ...known(second).viewer.accounts];
  return (await desk.query<Data>(query, variables, { ...viewer, accounts })).data;
};
const buy = (trader: TestTrader | undefined) => ({
  ...known(trader).limit('BUY', '0.1', '50005'),
  selfTradePrevention: 'CANCEL_MAKER',
});

describe('a user with two accounts', () => {
  it('does not trade with themselves, also after a restart, and takes nothing off the other account', async () => {
    const asks = known(first);
    const { order: ask } = await asks.place(asks.limit('SELL', '0.1', '50005'));
    const prevented = {
      placeOrder: {
        __typename: 'OrderAccepted',
        order: {
          ...{ status: 'CANCELED', cancelReason: 'SELF_TRADE_PREVENTION' },
          preventedMatches: [
            {
              ...{ mode: 'CANCEL_TAKER', makerOrderId: ask?.id, price: '50005.00' },
              makerPreventedQuantity: '0.00000',
            },
          ],
        },
      },
    };
    expect(await onSecond(PREVIEW, { input: buy(second) })).toMatchObject({
      previewOrder: { end: 'CANCELED', estimatedFilledQuantity: '0.00000' },
    });
    expect(await onSecond(PLACE, { input: buy(second) })).toMatchObject(prevented);
    await desk.order.stop();
    await desk.order.start();
    desk.quote({ bids: [['50000', '0.00001']], asks: [['50010', '0.00001']] });
    expect(await onSecond(PLACE, { input: buy(second) })).toMatchObject(prevented);
    // Who shares the first account must not see what is traded on the second one.
    const read = 'query ($id: ID!) { order(id: $id) { preventedMatches { takerOrderId } } }';
    const { data } = await desk.query(read, { id: ask?.id }, asks.viewer);
    expect(data).toEqual({ order: { preventedMatches: [] } });
    // Nor who shares the second account the order on the first one.
    const orders = `query ($id: ID!) {
      orders(accountId: $id, first: 1) { edges { node { preventedMatches { makerOrderId price } } } }
    }`;
    const shared = await desk.query(orders, { id: second?.accountId }, known(second).viewer);
    expect(shared.data).toEqual({
      orders: { edges: [{ node: { preventedMatches: [{ makerOrderId: null, price: null }] } }] },
    });
    const trades = known(other);
    expect((await trades.place(buy(trades))).order).toMatchObject({ status: 'FILLED' });
  });

  it('does not trade with an order of a shared account that they have changed, also after a restart', async () => {
    const [asks, bids] = [known(first), known(second)];
    const { order: bid } = await bids.place(bids.limit('BUY', '0.01', '50001'));
    const changed = {
      ...{ accountId: bids.accountId, order: { id: bid.id }, amendId: 'mine' },
      changes: { limitPrice: '50002' },
    };
    expect(await onSecond(AMEND, { input: changed })).toEqual({
      amendOrder: { __typename: 'OrderAmended' },
    });
    await desk.order.stop();
    await desk.order.start();
    desk.quote({ bids: [['50000', '0.00001']], asks: [['50010', '0.00001']] });
    const sold = await asks.place(asks.limit('SELL', '0.01', '50002'));
    expect(sold.order).toMatchObject({ status: 'CANCELED', cancelReason: 'SELF_TRADE_PREVENTION' });
    await bids.cancel(bid.id);
  });

  it('has one message rate for both, which each account shows', async () => {
    const left = async () => {
      const data = await onSecond<{
        _entities: readonly { tradingLimits: { messageWindow: { remaining: number } } }[];
      }>(LIMITS, { id: known(second).accountId });
      return data._entities[0]?.tradingLimits.messageWindow.remaining ?? 0;
    };
    const before = await left();
    const asks = known(first);
    for (let sent = 0; sent < before; sent += 1)
      await asks.place(asks.limit('SELL', '0.01', '51000'));
    expect(await left()).toBe(0);
    expect(await onSecond<Placed>(PLACE, { input: buy(second) })).toMatchObject({
      placeOrder: {
        __typename: 'OrderDenied',
        denial: {
          ...{ reason: 'RATE_LIMIT_EXCEEDED', rule: 'messageRate' },
          retryAfterMs: expect.any(Number) as number,
        },
      },
    });
  });
});
