import { expect } from 'vitest';
import { BALANCES, type BalancesAnswer } from './operations.ts';
import { poll } from './poll.ts';
import type { TraderClient } from './trader-client.ts';

/** `total/locked/free` by asset, in plain digits without trailing zeros: `{ USDT: '100/20/80' }`. */
export type BalanceSheet = Readonly<Record<string, string>>;

/** The balances of a trader's account as the gateway tells them now. */
export async function readBalances(trader: TraderClient): Promise<BalanceSheet> {
  const { account } = await trader.request<BalancesAnswer>(BALANCES, {
    accountId: trader.accountId,
  });
  return Object.fromEntries(
    (account?.balances ?? []).map(({ asset, total, locked, free }) => [
      asset.code,
      [total, locked, free].map(plain).join('/'),
    ]),
  );
}

/** Waits until settlement has brought the balances to exactly this, and fails showing both if not. */
export async function expectBalances(trader: TraderClient, expected: BalanceSheet): Promise<void> {
  const matches = async () =>
    JSON.stringify(sorted(await readBalances(trader))) === JSON.stringify(sorted(expected));
  await poll(matches).catch(async () => expect(await readBalances(trader)).toEqual(expected));
}

function sorted(sheet: BalanceSheet): readonly (readonly [string, string])[] {
  return Object.entries(sheet).sort(([left], [right]) => left.localeCompare(right));
}

function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
