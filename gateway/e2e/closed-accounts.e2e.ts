import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLedger } from '../../prisma/audit/audit-ledger.ts';
import type { Desk } from './support/harness.ts';
import {
  BALANCES,
  type BalancesAnswer,
  CANCEL_ORDER,
  PLACE_ORDER,
  type PlaceOrderAnswer,
} from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

// An account is closed in one store while orders for it are placed in the other.
const CLOSE = `mutation ($input: CloseAccountInput!) { closeAccount(input: $input) {
  __typename
  ... on AccountClosed { closedAt replayed }
  ... on AccountNotEmpty { balances { total locked } }
} }`;
const OPEN = `mutation ($input: OpenAccountInput!) { openAccount(input: $input) {
  ... on AccountOpened { accountId }
} }`;
const MOVED = `{ __typename ... on TransferRefused { reason } }`;
const DEPOSIT = `mutation ($input: DepositInput!) { deposit(input: $input) ${MOVED} }`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) ${MOVED} }`;
const ACCOUNTS = '{ viewer { accounts { id } } }';
const HISTORY = `query ($id: ID!) { account(id: $id) {
  closedAt ledgerEntries { edges { node { type } } } orders { edges { node { status } } }
} }`;

interface Outcome {
  readonly __typename: string;
  readonly reason?: string;
  readonly balances?: readonly { readonly total: string; readonly locked: string }[];
}

let desk: Desk;
let trader: TraderClient;
beforeAll(async () => {
  desk = await shareDesk('still');
  trader = await desk.aTrader({ USDT: '1000' });
});
afterAll(() => desk.stop());

/** Sends a mutation with one field. */
async function ask(query: string, input: object): Promise<Outcome> {
  const [outcome] = Object.values(await trader.request<Record<string, Outcome>>(query, { input }));
  if (outcome === undefined) throw new Error('There is no outcome.');
  return outcome;
}
const place = async (accountId: string, clientOrderId: string) => {
  const terms = { side: 'BUY', quantity: '0.01', limitPrice: '50000' } as const;
  const order = limitOrder({ accountId, clientOrderId, ...terms });
  return (await trader.request<PlaceOrderAnswer>(PLACE_ORDER, order)).placeOrder;
};
const usdt = (accountId: string, transferId: string, amount: string) => ({
  ...{ accountId, transferId, asset: 'USDT', amount },
});

describe('an account that its owner closes', () => {
  it('is kept open by an order, then takes none, and shows all that there was', async () => {
    const { accountId } = trader;
    const { order } = await place(accountId, 'resting');
    expect(await ask(CLOSE, { accountId })).toEqual({
      __typename: 'AccountNotEmpty',
      balances: [{ total: '1000.00000000', locked: '500.50000000' }],
    });
    await ask(CANCEL_ORDER, { accountId, order: { id: order.id } });
    // The outbox returns what was held, after the answer.
    await expect
      .poll(async () => {
        const { account } = await trader.request<BalancesAnswer>(BALANCES, { accountId });
        return account?.balances.map(({ locked }) => locked);
      })
      .toEqual(['0.00000000']);
    await ask(WITHDRAW, usdt(accountId, 'all', '1000'));
    expect(await ask(CLOSE, { accountId })).toMatchObject({ __typename: 'AccountClosed' });
    expect(await ask(CLOSE, { accountId })).toMatchObject({ replayed: true });
    expect(await place(accountId, 'late')).toMatchObject({
      ...{ __typename: 'OrderDenied', denial: { reason: 'ACCOUNT_BLOCKED' } },
    });
    expect(await ask(DEPOSIT, usdt(accountId, 'late', '1'))).toEqual({
      ...{ __typename: 'TransferRefused', reason: 'ACCOUNT_CLOSED' },
    });
    const { account } = await trader.request<{ account: object }>(HISTORY, { id: accountId });
    expect(account).toEqual({
      closedAt: expect.any(String) as unknown,
      ledgerEntries: { edges: [{ node: { type: 'WITHDRAWAL' } }, { node: { type: 'DEPOSIT' } }] },
      orders: { edges: [{ node: { status: 'DENIED' } }, { node: { status: 'CANCELED' } }] },
    });
  });

  it('is either closed or has what arrives at the same time, money and orders alike', async () => {
    for (let round = 0; round < 6; round += 1) {
      const opened = await trader.request<{ openAccount: { accountId: string } }>(OPEN, {
        input: { clientAccountId: `race-${round}`, name: 'Race' },
      });
      const { accountId } = opened.openAccount;
      await expect
        .poll(async () => JSON.stringify(await trader.request(ACCOUNTS)))
        .toContain(accountId);
      const [deposited, closed, ...orders] = await Promise.all([
        ask(DEPOSIT, usdt(accountId, `race-${round}`, '5000')),
        ask(CLOSE, { accountId }),
        ...Array.from({ length: 4 }, (_, number) => place(accountId, `race-${number}`)),
      ]);
      const isClosed = closed.__typename === 'AccountClosed';
      expect(isClosed || closed.__typename === 'AccountNotEmpty').toBe(true);
      expect(deposited.__typename).toBe(isClosed ? 'TransferRefused' : 'TransferApplied');
      if (isClosed) for (const order of orders) expect(order.__typename).toBe('OrderDenied');
      const after = await place(accountId, 'after');
      expect(after.denial?.reason).toBe(isClosed ? 'ACCOUNT_BLOCKED' : undefined);
    }
    const { account, order } = desk.databaseUrls;
    const findings = await auditLedger({ account, order });
    expect(findings.filter(({ check }) => check === 'closed' || check === 'holds')).toEqual([]);
  });
});
