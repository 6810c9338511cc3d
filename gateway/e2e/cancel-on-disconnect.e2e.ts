// A socket guards the orders that are placed over it, and is lost in every way there is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketClient } from '../fixtures/socket-client.ts';
import { type Desk, startDesk } from './support/harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { poll } from './support/poll.ts';
import type { TraderClient } from './support/trader-client.ts';

const ORDER = /* GraphQL */ `
  query ($accountId: ID!, $clientOrderId: ID!) {
    orderByClientOrderId(accountId: $accountId, clientOrderId: $clientOrderId) {
      status
      cancelReason
    }
  }
`;

interface OrderAnswer {
  readonly orderByClientOrderId: {
    readonly status: string;
    readonly cancelReason: string | null;
  } | null;
}

describe('cancel on disconnect', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await startDesk({ feedStart: 'first-subscription' });
  });
  afterAll(() => desk.stop());

  const input = (trader: TraderClient, clientOrderId: string, more: object = {}) => {
    const order = limitOrder({
      accountId: trader.accountId,
      clientOrderId,
      side: 'BUY',
      quantity: '0.001',
      limitPrice: '50000',
    });
    return { ...order, input: { ...order.input, ...more } };
  };
  /** A socket that guards, with one order placed over it and one over HTTP. */
  const guarding = async (cancelOnDisconnect: unknown) => {
    const trader = await desk.aTrader({ USDT: '10000' });
    const socket = await SocketClient.open(desk.gateway);
    socket.send({
      type: 'connection_init',
      payload: { apiKey: trader.apiKey, cancelOnDisconnect },
    });
    const ack = await socket.next();
    expect(ack.type).toBe('connection_ack');
    const { connectionId } = ack.payload as unknown as { readonly connectionId: string };
    const variables = input(trader, 'guarded');
    socket.send({ type: 'subscribe', id: '1', payload: { query: PLACE_ORDER, variables } });
    const answer = (await socket.next()).payload as unknown as { data: PlaceOrderAnswer };
    expect(answer.data.placeOrder.__typename).toBe('OrderAccepted');
    expect((await socket.next()).type).toBe('complete');
    const free = await trader.send<PlaceOrderAnswer>(PLACE_ORDER, input(trader, 'free'));
    expect(free.data?.placeOrder.__typename).toBe('OrderAccepted');
    return { trader, socket, connectionId };
  };
  const statusOf = async (trader: TraderClient, clientOrderId: string) => {
    const variables = { accountId: trader.accountId, clientOrderId };
    const { data } = await trader.send<OrderAnswer>(ORDER, variables);
    const order = data?.orderByClientOrderId;
    return `${order?.status} ${order?.cancelReason}`;
  };
  const canceled = (trader: TraderClient, clientOrderId = 'guarded') =>
    poll(
      async () => (await statusOf(trader, clientOrderId)) === 'CANCELED CANCEL_ON_DISCONNECT',
      30_000,
    );

  it('cancels what was placed over a socket that is cut off, and nothing else', async () => {
    const { trader, socket } = await guarding(true);
    socket.webSocket.terminate();
    await canceled(trader);
    expect(await statusOf(trader, 'free')).toBe('ACCEPTED null');
  });

  it('cancels nothing if the client closes the socket in order', async () => {
    const { trader, socket } = await guarding(true);
    const other = await guarding(true);
    socket.webSocket.close(1000);
    await socket.closed;
    other.socket.webSocket.terminate();
    await canceled(other.trader);
    expect(await statusOf(trader, 'guarded')).toBe('ACCEPTED null');
  });

  it('guards an order placed over HTTP that names the connection, and denies one that names a lost connection', async () => {
    const { trader, socket, connectionId } = await guarding({ graceMs: 0 });
    const named = { guardConnectionId: connectionId };
    await trader.send<PlaceOrderAnswer>(PLACE_ORDER, input(trader, 'named', named));
    socket.webSocket.terminate();
    await canceled(trader, 'named');
    const late = await trader.send<PlaceOrderAnswer>(PLACE_ORDER, input(trader, 'late', named));
    expect(late.data?.placeOrder).toMatchObject({
      __typename: 'OrderDenied',
      denial: { reason: 'GUARD_NOT_CONNECTED' },
    });
  });

  it('lets a new socket of the user take them over within the grace, and nobody else', async () => {
    const { trader, socket, connectionId } = await guarding({ graceMs: 10_000 });
    const stranger = await desk.aTrader({});
    const takeOver = async ({ apiKey }: TraderClient) => {
      const next = await SocketClient.open(desk.gateway);
      const cancelOnDisconnect = { graceMs: 0, takeOver: connectionId };
      next.send({ type: 'connection_init', payload: { apiKey, cancelOnDisconnect } });
      const ack = await next.next();
      expect(ack.payload).toMatchObject({ cancelOnDisconnect });
      return next;
    };
    socket.webSocket.terminate();
    const theirs = await takeOver(stranger);
    const ours = await takeOver(trader);
    const other = await guarding({ graceMs: 10_000 });
    other.socket.webSocket.terminate();
    theirs.webSocket.terminate();
    // Lost after ours, and with the same grace: then ours would be canceled by now.
    await canceled(other.trader);
    expect(await statusOf(trader, 'guarded')).toBe('ACCEPTED null');
    ours.webSocket.terminate();
    await canceled(trader);
  });

  it('cancels them when the gateway itself is killed', async () => {
    const { trader } = await guarding(true);
    await desk.killAndStart('gateway');
    await canceled(trader);
  });

  it('keeps them over a restart of the order process while the socket is open', async () => {
    const { trader, socket } = await guarding(true);
    await desk.killAndStart('order');
    await poll(async () => (await statusOf(trader, 'guarded')) === 'ACCEPTED null', 30_000);
    socket.webSocket.terminate();
    await canceled(trader);
  });

  it.each([[{ graceMs: -1 }], [{ graceMs: 10_001 }], [{ grace: 1 }], ['yes']])(
    'refuses an invalid request for it: %j',
    async (cancelOnDisconnect) => {
      const trader = await desk.aTrader({});
      const socket = await SocketClient.open(desk.gateway);
      socket.send({
        type: 'connection_init',
        payload: { apiKey: trader.apiKey, cancelOnDisconnect },
      });
      expect(await socket.closed).toEqual({
        code: 4400,
        reason: 'cancelOnDisconnect must be {"graceMs": 0 to 10000, "takeOver": a connectionId}',
      });
    },
  );
});
