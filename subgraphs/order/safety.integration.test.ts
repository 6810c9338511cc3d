import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '#shared/domain/ids.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import { startTestDesk, type TestDesk, until } from './test-desk.ts';
import { TestTrader } from './test-trader.ts';

// Switches and batches of cancels on real servers and stores.

const CANCEL_ALL = /* GraphQL */ `
  mutation ($input: CancelAllOrdersInput!) {
    cancelAllOrders(input: $input) {
      __typename
      ... on OrdersCanceled {
        orders {
          id
          cancelReason
        }
      }
    }
  }
`;
const CANCEL_MANY = /* GraphQL */ `
  mutation ($input: CancelOrdersInput!) {
    cancelOrders(input: $input) {
      __typename
      ... on CancelsAnswered {
        results {
          __typename
        }
      }
    }
  }
`;
const CANCEL_AFTER = /* GraphQL */ `
  mutation ($input: CancelAllAfterInput!) {
    cancelAllAfter(input: $input) {
      __typename
      ... on CancelTimerSet {
        armed
        firesAt
      }
      ... on CancelTimerInvalid {
        nearestValidMs
      }
    }
  }
`;
const ORDER = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      cancelReason
    }
  }
`;
const SET = /* GraphQL */ `
  mutation ($input: SetTradingStateInput!) {
    setTradingState(input: $input) {
      __typename
      ... on TradingStateSet {
        canceledOrders
        control {
          scope
          tradingState
          reason
        }
      }
    }
  }
`;
const CONTROLS = /* GraphQL */ `
  fragment Controls on TradingControls {
    tradingState
    controls {
      scope
      reason
    }
  }
  query ($accountId: ID!, $accounts: [_Any!]!) {
    tradingControls(accountId: $accountId) {
      ...Controls
    }
    _entities(representations: $accounts) {
      ... on Account {
        tradingControls {
          ...Controls
        }
      }
    }
  }
`;

describe('switches', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());

  it('cancels all of a side at once and gives the money back', async () => {
    const trader = await desk.aTrader({ USDT: '1000', BTC: '1' });
    await trader.place(trader.limit('BUY', '0.001', '50000'));
    await trader.place(trader.limit('SELL', '0.001', '90000'));
    const input = { accountId: trader.accountId, side: 'BUY' };
    const { data } = await trader.query(CANCEL_ALL, { input });
    expect(data).toMatchObject({
      cancelAllOrders: { orders: [{ cancelReason: 'CANCEL_ALL' }] },
    });
    await until(
      () => trader.balances(),
      ({ USDT, BTC }) => USDT === '1000/0/1000' && BTC === '1/0.001/0.999',
    );
  });

  it('does not tell a symbol that there is not as success', async () => {
    const trader = await desk.aTrader({});
    const { accountId } = trader;
    for (const symbol of ['FOO', 'FOO-BAR']) {
      const { errors } = await trader.query(CANCEL_ALL, { input: { accountId, symbol } });
      expect(errors?.[0]).toMatchObject({
        message: unknownInstrumentMessage(symbol),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    const { data } = await trader.query(CANCEL_ALL, { input: { accountId, symbol: 'ETH-USDT' } });
    expect(data).toMatchObject({ cancelAllOrders: { orders: [] } });
  });

  it('answers each cancel of a batch for itself', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const placed = await trader.place(trader.limit('BUY', '0.001', '50000'));
    const orders = [{ id: placed.order.id }, { id: 'nothing' }];
    const { data } = await trader.query(CANCEL_MANY, {
      input: { accountId: trader.accountId, orders },
    });
    expect(data).toEqual({
      cancelOrders: {
        __typename: 'CancelsAnswered',
        results: [{ __typename: 'OrderCanceled' }, { __typename: 'OrderNotFound' }],
      },
    });
  });

  it('fires the dead man’s switch by itself, also over a restart', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const { order } = await trader.place(trader.limit('BUY', '0.001', '50000'));
    const input = { accountId: trader.accountId, timeoutMs: 1000 };
    expect((await trader.query(CANCEL_AFTER, { input })).data).toMatchObject({
      cancelAllAfter: { __typename: 'CancelTimerSet', armed: true },
    });
    await desk.order.stop();
    await desk.order.start();
    const read = () =>
      trader.query<{ order: { cancelReason: string | null } }>(ORDER, { id: order.id });
    await until(read, ({ data }) => data.order.cancelReason === 'CANCEL_ALL_AFTER');
    await until(
      () => trader.balances(),
      ({ USDT }) => USDT === '1000/0/1000',
    );
  });

  it('halts an account by its own switch, and everyone only by the desk', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    await trader.place(trader.limit('BUY', '0.001', '50000'));
    const { accountId } = trader;
    const halted = { scope: { accountId }, tradingState: 'HALTED', reason: 'lost my keys' };
    expect((await trader.query(SET, { input: halted })).data).toEqual({
      setTradingState: {
        __typename: 'TradingStateSet',
        canceledOrders: 1,
        control: { scope: 'ACCOUNT', tradingState: 'HALTED', reason: 'lost my keys' },
      },
    });
    await desk.order.stop();
    await desk.order.start();
    const accounts = [{ __typename: 'Account', id: accountId }];
    const tradingControls = {
      tradingState: 'HALTED',
      controls: [{ scope: 'ACCOUNT', reason: 'lost my keys' }],
    };
    expect((await trader.query(CONTROLS, { accountId, accounts })).data).toEqual({
      tradingControls,
      _entities: [{ tradingControls }],
    });
    const denied = await trader.place(trader.limit('BUY', '0.001', '50000'));
    expect(denied.denial).toMatchObject({ reason: 'TRADING_HALTED', rule: 'tradingState' });
    const all = { scope: { desk: true }, tradingState: 'HALTED', reason: 'x' };
    expect((await trader.query(SET, { input: all })).data).toMatchObject({
      setTradingState: { __typename: 'NotTheDesk' },
    });
  });

  it('lets anyone who trades for the house halt everyone', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const house = new TestTrader(desk, 'house' as AccountId);
    const scope = { desk: true };
    await house.query(SET, { input: { scope, tradingState: 'HALTED', reason: 'drill' } });
    const denied = await trader.place(trader.limit('BUY', '0.001', '50000'));
    expect(denied.denial).toMatchObject({ reason: 'TRADING_HALTED' });
    await house.query(SET, { input: { scope, tradingState: 'ACTIVE', reason: 'over' } });
    const taken = await trader.place(trader.limit('BUY', '0.001', '50000'));
    expect(taken.order.status).toBe('ACCEPTED');
  });
});
