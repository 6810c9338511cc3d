import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDesk, type TestDesk } from './test-desk.ts';
import { TestTrader } from './test-trader.ts';

interface StreamItem {
  readonly __typename: string;
  readonly sequence: string;
  readonly previousSequence?: string;
  readonly cursor: string;
  readonly type?: string;
  readonly order?: { readonly status: string };
}

const EVENTS = /* GraphQL */ `
  subscription ($accountId: ID!, $after: String) {
    orderEvents(accountId: $accountId, after: $after) {
      __typename
      ... on OrderSnapshot {
        sequence
        cursor
        openOrders {
          clientOrderId
          leavesQuantity
        }
        fills {
          price
        }
      }
      ... on OrderEvent {
        type
        sequence
        previousSequence
        cursor
        order {
          status
          filledQuantity
        }
        fill {
          price
          quantity
          sequence
        }
      }
      ... on StreamResumed {
        afterSequence
        replayed
      }
    }
  }
`;

const DETAILS = /* GraphQL */ `
  subscription ($accountId: ID!) {
    orderEvents(accountId: $accountId) {
      __typename
      ... on OrderEvent {
        order {
          fills {
            quantity
          }
          account {
            positions {
              quantity
            }
          }
        }
        fill {
          order {
            filledQuantity
          }
        }
      }
    }
  }
`;

describe('orderEvents', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startTestDesk();
  });
  afterAll(() => desk.stop());

  /** Reads the stream of a trader, one item at a time. */
  const listen = (trader: TestTrader, after?: string, query = EVENTS) => {
    const { accountId } = trader;
    const stream = desk.subscribe<{ orderEvents: StreamItem }>(
      query,
      query === EVENTS ? { accountId, after } : { accountId },
      trader.viewer,
    );
    return {
      /** Heartbeats are left out: they come by the clock. */
      next: async (): Promise<StreamItem> => {
        for (;;) {
          const result = await stream.next();
          if (result.done === true || result.value.data == null)
            throw new Error(JSON.stringify(result));
          const { orderEvents } = result.value.data;
          if (orderEvents.__typename !== 'StreamHeartbeat') return orderEvents;
        }
      },
      close: () => stream.return?.(),
    };
  };

  it('begins with what is open, and then tells everything once and in order', async () => {
    const seller = await desk.aTrader({ BTC: '1' });
    const buyer = await desk.aTrader({ USDT: '100000' });
    const resting = seller.limit('SELL', '0.5', '60000', { clientOrderId: 'resting' });
    await seller.place(resting);
    const events = listen(seller);
    expect(await events.next()).toMatchObject({
      __typename: 'OrderSnapshot',
      sequence: '2',
      openOrders: [{ clientOrderId: 'resting', leavesQuantity: '0.50000' }],
      fills: [],
    });
    await buyer.place(buyer.limit('BUY', '0.2', '60000'));
    await buyer.place(buyer.limit('BUY', '0.3', '60000'));
    expect([await events.next(), await events.next()]).toMatchObject([
      {
        type: 'FILL',
        sequence: '3',
        previousSequence: '2',
        order: { status: 'PARTIALLY_FILLED', filledQuantity: '0.20000' },
        fill: { price: '60000.00', quantity: '0.20000', sequence: '3' },
      },
      { type: 'FILL', sequence: '4', order: { status: 'FILLED' }, fill: { quantity: '0.30000' } },
    ]);
    await events.close();
  });

  it('tells with every event what belongs to it as it is then', async () => {
    const seller = await desk.aTrader({ BTC: '1' });
    const buyer = await desk.aTrader({ USDT: '100000' });
    await seller.place(seller.limit('SELL', '0.5', '60000'));
    const events = listen(seller, undefined, DETAILS);
    await events.next();
    const parts = ['0.10000', '0.20000'];
    for (const [index, quantity] of parts.entries()) {
      await buyer.place(buyer.limit('BUY', quantity, '60000'));
      const sold = ['0.10000', '0.30000'][index];
      expect(await events.next()).toMatchObject({
        order: {
          fills: parts.slice(0, index + 1).map((part) => ({ quantity: part })),
          account: { positions: [{ quantity: sold }] },
        },
        fill: { order: { filledQuantity: sold } },
      });
    }
    await events.close();
  });

  it('goes on after a cursor, also over a restart of the server', async () => {
    const trader = await desk.aTrader({ USDT: '1000' });
    const before = listen(trader);
    await before.next();
    const place = () => trader.place(trader.limit('BUY', '0.001', '50000'));
    await place();
    const { cursor } = await before.next();
    await before.close();
    await place();
    await desk.order.stop();
    await desk.order.start();
    const resumed = listen(trader, cursor);
    expect(await resumed.next()).toEqual({
      __typename: 'StreamResumed',
      afterSequence: '1',
      replayed: 3,
    });
    await place();
    const sequences: string[] = [];
    while (sequences.length < 5) sequences.push((await resumed.next()).sequence);
    expect(sequences).toEqual(['2', '3', '4', '5', '6']);
    await resumed.close();
  });

  it('tells a burst densely, whatever was stored together', async () => {
    const trader = await desk.aTrader({ USDT: '100000' });
    const events = listen(trader);
    await events.next();
    const orders = Array.from({ length: 40 }, () =>
      trader.place(trader.limit('BUY', '0.001', '50000')),
    );
    const told: StreamItem[] = [];
    while (told.length < 80) told.push(await events.next());
    await Promise.all(orders);
    expect(told.map(({ sequence }) => Number(sequence))).toEqual(
      Array.from({ length: 80 }, (_, index) => index + 1),
    );
    await events.close();
  });

  it('is refused for someone else’s account, for a foreign cursor and without the scope', async () => {
    const [mine, other] = [await desk.aTrader(), await desk.aTrader()];
    const refusal = async (trader: TestTrader, accountId: string, after?: string) => {
      const stream = desk.subscribe(EVENTS, { accountId, after }, trader.viewer);
      const { value } = await stream.next().catch((cause: unknown) => ({ value: cause }));
      return JSON.stringify(value);
    };
    expect(await refusal(mine, other.accountId)).toContain('NOT_FOUND');
    expect(await refusal(mine, mine.accountId, 'rubbish')).toContain('BAD_USER_INPUT');
    const blind = new TestTrader(desk, mine.accountId, ['trade:write']);
    expect(await refusal(blind, mine.accountId)).toContain('FORBIDDEN');
  });
});
