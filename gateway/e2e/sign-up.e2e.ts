import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from './support/harness.ts';
import { PLACE_ORDER, type PlaceOrderAnswer } from './support/operations.ts';
import { limitOrder } from './support/order-inputs.ts';
import { shareDesk } from './support/shared-desk.ts';

// Nobody in particular becomes a trader: signs up, makes a key, brings in money, places an order.
let desk: Desk;
beforeAll(async () => {
  desk = await shareDesk('still');
});
afterAll(() => desk.stop());

async function post<Data>(accessToken: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${desk.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data: Data }).data;
}

describe('somebody who signs up', () => {
  it('can trade at once, with a key bound to the account', async () => {
    const input = { email: 'new@desk.example', password: 'correct horse battery', name: 'New' };
    const { signUp } = await desk.anonymous().request<{ signUp: { accessToken: string } }>(
      `mutation ($input: SignUpInput!) {
        signUp(input: $input) { ... on SignedIn { accessToken } }
      }`,
      { input },
    );
    const { viewer } = await post<{ viewer: { accounts: { id: string }[] } }>(
      signUp.accessToken,
      '{ viewer { accounts { id } } }',
      {},
    );
    const accountId = viewer.accounts[0]?.id ?? '';
    const { createApiKey } = await post<{ createApiKey: { secret: string } }>(
      signUp.accessToken,
      `mutation ($input: CreateApiKeyInput!) {
        createApiKey(input: $input) { ... on ApiKeyCreated { secret } }
      }`,
      {
        input: {
          name: 'bot',
          accountIds: [accountId],
          scopes: ['ACCOUNT_READ', 'TRADE_READ', 'TRADE_WRITE', 'TRANSFER_WRITE'],
        },
      },
    );
    const trader = desk.aClientWith({ accountId, apiKey: createApiKey.secret });
    await trader.request(
      `mutation ($input: DepositInput!) { deposit(input: $input) { __typename } }`,
      { input: { transferId: 'first', accountId, asset: 'USDT', amount: '1000' } },
    );
    const { placeOrder } = await trader.request<PlaceOrderAnswer>(
      PLACE_ORDER,
      limitOrder({
        accountId,
        clientOrderId: 'first',
        side: 'BUY',
        quantity: '0.01',
        limitPrice: '50000',
      }),
    );
    expect(placeOrder).toMatchObject({ __typename: 'OrderAccepted' });
  });
});
