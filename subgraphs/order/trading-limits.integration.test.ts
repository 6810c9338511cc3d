import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { money } from './domain/test-orders.ts';
import { TestTrader } from './test-trader.ts';

// What an account may send, what it pays, and how far the house goes, on real servers and stores.

const PLACE_ORDERS = /* GraphQL */ `
  mutation ($input: PlaceOrdersInput!) {
    placeOrders(input: $input) {
      ... on OrdersPlaced {
        results {
          __typename
          ... on OrderAccepted {
            order {
              id
            }
          }
          ... on OrderDenied {
            deniedOrder {
              id
            }
            denial {
              reason
              rule
              limit
              actual
            }
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
      ... on AmendDenied {
        denial {
          reason
          rule
        }
      }
    }
  }
`;
const SET = /* GraphQL */ `
  mutation ($input: SetTradingStateInput!) {
    setTradingState(input: $input) {
      __typename
      ... on TradingStateDenied {
        denial {
          reason
          rule
        }
      }
    }
  }
`;
const FEE_TIER = /* GraphQL */ `
  query ($id: ID!) {
    _entities(representations: [{ __typename: "Account", id: $id }]) {
      ... on Account {
        feeTier {
          name
          fromVolume
          toVolume
          feeShare
          thirtyDayVolume
        }
        fills {
          edges {
            node {
              liquiditySide
              priceImprovement
            }
          }
        }
      }
    }
  }
`;
const LIMITS = /* GraphQL */ `
  query ($id: ID!, $symbol: ID!) {
    _entities(representations: [{ __typename: "Account", id: $id }]) {
      ... on Account {
        cancelsAllAt
        tradingLimits(symbol: $symbol) {
          symbol
          openOrders
          maxOpenOrders
          messageWindow {
            messages
            windowMs
            remaining
          }
          maxOrdersPerBatch
          maxAmendsPerOrder
          makerFeeRate
          takerFeeRate
        }
      }
    }
  }
`;
const FEE_SCHEDULE = /* GraphQL */ `
  {
    feeSchedule {
      name
      fromVolume
      feeShare
    }
  }
`;
const CANCEL_AFTER = /* GraphQL */ `
  mutation ($input: CancelAllAfterInput!) {
    cancelAllAfter(input: $input) {
      ... on CancelTimerSet {
        firesAt
      }
    }
  }
`;

interface Placed {
  readonly placeOrders: {
    readonly results: readonly { readonly __typename: string; readonly order?: { id: string } }[];
  };
}

describe('trading limits', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk({
      messageRate: { most: 5, windowMs: 3_600_000 },
      house: {
        ...{ spreadBps: 0, levels: 10, sizePercent: 100 },
        skew: { bps: 100, inventoryLimit: money('30000') },
      },
    });
  });
  afterAll(() => desk.stop());

  it('limit how many orders and changes an account sends by any door, and never its cancels', async () => {
    const trader = await desk.aTrader({ USDT: '10000' });
    const { accountId } = trader;
    const batch = async (count: number) => {
      const orders = Array.from({ length: count }, () => {
        const { accountId: _same, ...order } = trader.limit('BUY', '0.001', '50000');
        return order;
      });
      const input = { accountId, orders };
      return (await trader.query<Placed>(PLACE_ORDERS, { input })).data.placeOrders.results;
    };
    const placed = await batch(3);
    expect(placed.map(({ __typename }) => __typename)).toEqual(Array(3).fill('OrderAccepted'));
    const [first, second] = placed.map(({ order }) => order?.id ?? '');
    const amend = (amendId: string) =>
      trader.query(AMEND, {
        input: { accountId, order: { id: first }, amendId, changes: { limitPrice: '50001' } },
      });
    expect((await amend('one')).data).toMatchObject({ amendOrder: { __typename: 'OrderAmended' } });
    // The fifth is taken, and the sixth is not.
    expect(await batch(2)).toEqual([
      expect.objectContaining({ __typename: 'OrderAccepted' }),
      {
        __typename: 'OrderDenied',
        deniedOrder: null,
        denial: { reason: 'RATE_LIMIT_EXCEEDED', rule: 'messageRate', limit: '5', actual: '6' },
      },
    ]);
    expect((await amend('two')).data).toEqual({
      amendOrder: {
        __typename: 'AmendDenied',
        denial: { reason: 'RATE_LIMIT_EXCEEDED', rule: 'messageRate' },
      },
    });
    const set = (tradingState: string) =>
      trader.query(SET, { input: { scope: { accountId }, tradingState, reason: 'a drill' } });
    for (const tradingState of ['ACTIVE', 'REDUCING'])
      expect((await set(tradingState)).data).toEqual({
        setTradingState: {
          __typename: 'TradingStateDenied',
          denial: { reason: 'RATE_LIMIT_EXCEEDED', rule: 'messageRate' },
        },
      });
    expect((await trader.cancel(second ?? '')).__typename).toBe('OrderCanceled');
    expect((await set('HALTED')).data).toEqual({
      setTradingState: { __typename: 'TradingStateSet' },
    });
    const other = await desk.aTrader({ USDT: '10000' });
    expect((await other.place(other.limit('BUY', '0.001', '50000'))).__typename).toBe(
      'OrderAccepted',
    );
  });

  it('are data, with what is used of each, and with the fees that are paid', async () => {
    const trader = await desk.aTrader({ USDT: '10000' });
    const read = async (symbol: string, reader = trader) =>
      (await reader.query<object>(LIMITS, { id: trader.accountId, symbol })).data;
    const limits = (openOrders: number, remaining: number) => ({
      symbol: 'BTC-USDT',
      openOrders,
      maxOpenOrders: 200,
      messageWindow: { messages: 5, windowMs: 3_600_000, remaining },
      maxOrdersPerBatch: 100,
      maxAmendsPerOrder: 100,
      makerFeeRate: '0.0008',
      takerFeeRate: '0.001',
    });
    const ofAccount = (cancelsAllAt: string | null, tradingLimits: object | null) => ({
      _entities: [{ cancelsAllAt, tradingLimits }],
    });
    expect(await read('BTC-USDT')).toEqual(ofAccount(null, limits(0, 5)));
    const { order } = await trader.place(trader.limit('BUY', '0.001', '50000'));
    await trader.place(trader.limit('BUY', '0.001', '50001'));
    expect(await read('BTC-USDT')).toEqual(ofAccount(null, limits(2, 3)));
    await trader.cancel(order.id);
    const input = { accountId: trader.accountId, timeoutMs: 300_000 };
    const { data } = await trader.query<{ cancelAllAfter: { firesAt: string } }>(CANCEL_AFTER, {
      input,
    });
    const { firesAt } = data.cancelAllAfter;
    expect(await read('BTC-USDT')).toEqual(ofAccount(firesAt, limits(1, 3)));
    expect(await read('NO-SUCH')).toEqual(ofAccount(firesAt, null));
    const stranger = await desk.aTrader({ USDT: '1' });
    expect(await read('BTC-USDT', stranger)).toEqual({ _entities: [null] });
    const anybody = new TestTrader(desk, stranger.accountId, ['market:read']);
    expect((await anybody.query(FEE_SCHEDULE, {})).data).toEqual({
      feeSchedule: [
        { name: 'BASE', fromVolume: '0', feeShare: '1' },
        { name: 'BRONZE', fromVolume: '1000000', feeShare: '0.9' },
        { name: 'SILVER', fromVolume: '10000000', feeShare: '0.75' },
        { name: 'GOLD', fromVolume: '100000000', feeShare: '0.5' },
      ],
    });
  });

  it('tell the fee tier with the volume behind it, and what a better price saved', async () => {
    const [seller, buyer] = [
      await desk.aTrader({ BTC: '1' }),
      await desk.aTrader({ USDT: '100000' }),
    ];
    await seller.place(seller.limit('SELL', '0.5', '60000'));
    await buyer.place(buyer.limit('BUY', '0.5', '60010'));
    const read = async (trader: typeof buyer) =>
      (await trader.query<{ _entities: readonly unknown[] }>(FEE_TIER, { id: trader.accountId }))
        .data._entities[0];
    const feeTier = {
      name: 'BASE',
      fromVolume: '0',
      toVolume: '1000000',
      feeShare: '1',
      thirtyDayVolume: '30000',
    };
    expect(await read(buyer)).toEqual({
      feeTier,
      fills: { edges: [{ node: { liquiditySide: 'TAKER', priceImprovement: '10.00' } }] },
    });
    expect(await read(seller)).toEqual({
      feeTier,
      fills: { edges: [{ node: { liquiditySide: 'MAKER', priceImprovement: '0.00' } }] },
    });
  });

  it('let the house lean against what it has sold, and sell no more than it may', async () => {
    const quote = (price: number) =>
      desk.quote({ bids: [[`${price - 10}`, '10']], asks: [[`${price}`, '10']] });
    /** Each by somebody else, so that trying again uses up nobody's messages. */
    const buy = async (quantity: string) => {
      const trader = await desk.aTrader({ USDT: '100000' });
      return (await trader.place({ ...trader.limit('BUY', quantity, '60900'), ...ioc(quantity) }))
        .order;
    };
    const ioc = (quantity: string) => ({
      terms: { limit: { quantity, limitPrice: '60900', timeInForce: 'IOC' } },
    });
    quote(60_000);
    const first = await until(
      () => buy('0.25'),
      ({ filledQuantity }) => filledQuantity === '0.25000',
    );
    expect(first.averageFillPrice).toBe('60000.00');
    // It has sold half of what it may: its prices are half of one percent higher.
    quote(60_000);
    const second = await until(
      () => buy('0.01'),
      ({ averageFillPrice }) => averageFillPrice !== '60000.00' && averageFillPrice !== null,
    );
    expect(Number(second.averageFillPrice)).toBeGreaterThan(60_290);
    quote(60_000);
    const rest = await buy('1');
    expect(Number(rest.filledQuantity)).toBeLessThan(0.25);
  });
});
