import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKeyOf } from './support/api-keys.ts';
import { expectBalances } from './support/balances.ts';
import type { Desk } from './support/harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';

const ORDER = 'order { clientOrderId side averageFillPrice }';
const HISTORY = `query ($id: ID!) { account(id: $id) { ledgerEntries { edges { node {
  type ${ORDER}
} } } } }`;
const CHANGES = `subscription ($accountId: ID!) { balanceChanged(accountId: $accountId) {
  ... on BalanceChange { cause { type ${ORDER} } }
} }`;

interface Changed {
  readonly cause?: { readonly type: string };
}

describe('a ledger entry', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await shareDesk('still');
  });
  afterAll(() => desk.stop());

  it('leads to its order, and so does each change of a balance', async () => {
    const [seller, buyer] = [
      await desk.aTrader({ BTC: '1' }),
      await desk.aTrader({ USDT: '1000' }),
    ];
    const { accountId: id } = buyer;
    const changes = buyer.subscribe<Changed>(CHANGES, { accountId: id });
    await changes.next();
    for (const [trader, side] of [
      [seller, 'SELL'],
      [buyer, 'BUY'],
    ] as const) {
      const { accountId } = trader;
      const order = { accountId, clientOrderId: side, quantity: '0.01', limitPrice: '60000' };
      await trader.request<PlaceOrderAnswer>(PLACE_ORDER, limitOrder({ ...order, side }));
    }
    await expectBalances(buyer, { BTC: '0.01/0/0.01', USDT: '399.4/0/399.4' });

    const order = { clientOrderId: 'BUY', side: 'BUY', averageFillPrice: '60000.00' };
    const { data, errors } = await buyer.send(HISTORY, { id });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      account: {
        ledgerEntries: {
          edges: [
            { node: { type: 'FEE', order } },
            { node: { type: 'TRADE', order } },
            { node: { type: 'TRADE', order } },
            { node: { type: 'DEPOSIT', order: null } },
          ],
        },
      },
    });
    const settled = await changes.nextWhere(({ cause }) => cause?.type === 'TRADE_SETTLED');
    expect(settled.cause).toEqual({ type: 'TRADE_SETTLED', order });
    changes.close();
  });

  it('leads to no order for a credential that reads no trades', async () => {
    const trader = await desk.aTrader({ USDT: '1' });
    const { accountId } = trader;
    const { secret: apiKey } = await aKeyOf(trader, { scopes: ['ACCOUNT_READ', 'TRADE_WRITE'] });
    const { errors } = await desk.aClientWith({ accountId, apiKey }).send(HISTORY, {
      id: accountId,
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', needed: 'trade:read' });
  });
});
