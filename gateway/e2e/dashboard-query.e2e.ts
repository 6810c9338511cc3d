import { parseUnits } from '#shared/domain/decimal.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKeyOf } from './support/api-keys.ts';
import {
  aTraderWithPositions,
  type Dashboard,
  DASHBOARD,
  restOrders,
} from './support/dashboard.ts';
import type { Desk } from './support/harness.ts';
import { shareDesk } from './support/shared-desk.ts';
import type { TraderClient } from './support/trader-client.ts';

interface Valuation {
  readonly value: string;
  readonly balances: readonly {
    readonly asset: { readonly code: string; readonly name: string };
    readonly total: string;
    readonly value: string;
    readonly symbols: readonly string[];
  }[];
}
interface Valued {
  readonly nonZero: readonly object[];
  readonly valuation: Valuation;
  readonly inEuro: Valuation;
}

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

  it('values an account in any asset, whatever else is asked of its balances', async () => {
    const { accountId: id } = trader;
    const valuation = 'value stale balances { asset { code name } total price value symbols }';
    const { data, errors } = await trader.send(
      `query ($id: ID!) { account(id: $id) {
        balances(at: "2020-01-01T00:00:00Z") { total }
        nonZero: balances(omitZero: true) { total asset { code } }
        valuation { ${valuation} } inEuro: valuation(quote: "EUR") { ${valuation} }
        none: valuation(quote: "NOPE") { value }
      } }`,
      { id },
    );
    expect(errors).toBeUndefined();
    const account = (data as { account: Valued }).account;
    expect(account).toMatchObject({ balances: [], none: null });
    for (const { value, balances } of [account.valuation, account.inEuro]) {
      const held = balances.map(({ asset: { code }, total }) => ({ total, asset: { code } }));
      expect(held).toEqual(account.nonZero);
      const units = balances.map((one) => parseUnits(one.value) ?? 0n);
      expect(parseUnits(value)).toBe(units.reduce((sum, one) => sum + one, 0n));
    }
    const [btc] = account.valuation.balances;
    expect(btc).toMatchObject({ asset: { name: 'Bitcoin' }, symbols: ['BTC-USDT'] });
    const usdt = account.inEuro.balances.find(({ asset }) => asset.code === 'USDT');
    expect(usdt?.symbols).toEqual(['BTC-USDT', 'BTC-EUR']);
  });

  it('is answered without the value of an account to a credential that cannot read it', async () => {
    const { accountId } = trader;
    const scopes = ['MARKET_READ', 'TRADE_READ', 'TRADE_WRITE'];
    const { secret: apiKey } = await aKeyOf(trader, { scopes });
    const { errors } = await desk
      .aClientWith({ accountId, apiKey })
      .send('query ($id: ID!) { account(id: $id) { id valuation { value } } }', { id: accountId });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', needed: 'account:read' });
  });
});
