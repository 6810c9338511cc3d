import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setRail } from '../../prisma/account/set-rail.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

const SEEN = `query ($id: ID!) {
  asset(code: "SOL") { name withdrawalsSuspension { reason } depositsSuspension { reason } }
  account(id: $id) { balances(omitZero: true) { asset { name withdrawalsSuspension { since } } } }
}`;
const WITHDRAW = `mutation ($input: WithdrawInput!) { withdraw(input: $input) {
  ... on TransferApplied { replayed } ... on TransferRefused { reason }
} }`;

describe('an asset whose withdrawals are suspended', () => {
  let desk: Desk;
  let trader: TraderClient;
  const set = (reason: string | null) =>
    setRail(desk.databaseUrls.account, {
      ...{ asset: 'SOL', rail: 'WITHDRAWALS', reason },
      operator: 'olga',
    });
  beforeAll(async () => {
    desk = await shareDesk('still');
    trader = await desk.aTrader({ SOL: '2', USDT: '5' });
  });
  afterAll(async () => {
    await set(null);
    await desk.stop();
  });

  it('says so wherever it is shown, and cannot be withdrawn until they are resumed', async () => {
    const { accountId } = trader;
    const input = { accountId, transferId: 'out', asset: 'SOL', amount: '1' };
    const withdraw = async () => (await trader.send(WITHDRAW, { input })).data;
    await set('The network is being upgraded');
    const { data, errors } = await trader.send(SEEN, { id: accountId });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      asset: {
        name: 'Solana',
        withdrawalsSuspension: { reason: 'The network is being upgraded' },
        depositsSuspension: null,
      },
      account: {
        balances: [
          {
            asset: {
              name: 'Solana',
              withdrawalsSuspension: { since: expect.any(String) as unknown },
            },
          },
          { asset: { name: 'Tether', withdrawalsSuspension: null } },
        ],
      },
    });
    expect(await withdraw()).toEqual({ withdraw: { reason: 'WITHDRAWALS_SUSPENDED' } });
    await set(null);
    expect(await withdraw()).toEqual({ withdraw: { replayed: false } });
  });
});
