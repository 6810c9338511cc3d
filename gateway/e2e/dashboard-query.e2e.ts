import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aTraderWithPositions,
  type Dashboard,
  DASHBOARD,
  restOrders,
} from './support/dashboard.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

describe('the dashboard query', () => {
  let desk: Desk;
  let trader: TraderClient;
  beforeAll(async () => {
    desk = await shareDesk('moving');
    trader = await aTraderWithPositions(desk);
  });
  afterAll(() => desk.stop());

  it('joins accounts, prices, orders and positions in one request', async () => {
    await restOrders(trader, 'open', 3);
    const { viewer } = await trader.request<Dashboard>(DASHBOARD);
    const [account] = viewer.accounts;
    expect(account?.balances.find(({ asset }) => asset.code === 'USDT')?.asset.lastPrice).toBe('1');
    expect(
      Number(account?.balances.find(({ asset }) => asset.code === 'BTC')?.asset.lastPrice),
    ).toBeGreaterThan(0);
    expect(account?.orders.edges.length).toBe(3);
    expect(account?.orders.edges[0]?.node.instrument.quote.bidPrice).toMatch(/^\d+\.\d+$/);
    const position = account?.positions.find(({ symbol }) => symbol === 'BTC-USDT');
    expect(position?.quantity).toBe('0.01000');
    expect(position?.unrealizedPnl).toMatch(/^-?\d+(\.\d+)?$/);
  });
});
