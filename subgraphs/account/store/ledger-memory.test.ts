import { expect, it } from 'vitest';
import { parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { placedHold } from '../domain/hold.ts';
import { accountId, money, releaseHold, resizeHold } from '../domain/test-commands.ts';
import { LedgerMemory } from './ledger-memory.ts';

const hold = (id: string, account: string) => {
  const { holdId, orderId } = releaseHold(id, account);
  const key = { id: holdId, accountId: accountId(account), orderId, createdAtMs: 0 };
  return placedHold(key, trusted(parseAssetCode, 'USDT'), money('1'));
};
const account = (id: string) => ({
  ...({ id: accountId(id), kind: 'CLIENT', tradingState: 'ACTIVE', isClosed: false } as const),
  ...{ entrySequence: 1n, balanceSequence: 1n },
});
const rows = (ids: readonly string[], holds: readonly ReturnType<typeof hold>[]) => ({
  accounts: new Map(ids.map(account).map((one) => [one.id, one])),
  holds: new Map(holds.map((one) => [one.id, one])),
  ...{ balances: new Map(), scales: new Map(), answers: new Map(), corrected: new Map() },
});

it('remembers a hold only with its account, whose sequence shows that it has changed since', () => {
  const memory = new LedgerMemory();
  memory.learn(rows(['alice'], [hold('h-alice', 'alice'), hold('h-bob', 'bob')]));
  // Another process may have changed what bob's hold has left before his account is read.
  memory.learn(rows(['bob'], []));
  const shrunk = (name: string) => resizeHold('shrinkHold', 'change', `h-${name}`, name, '1');
  expect(memory.covers([shrunk('alice')])).toBe(true);
  expect(memory.covers([shrunk('bob')])).toBe(false);
});

it('forgets an account that another process has changed, with its holds, and nothing else', () => {
  const memory = new LedgerMemory();
  memory.learn(rows(['alice', 'bob'], [hold('h-alice', 'alice'), hold('h-bob', 'bob')]));
  const { accounts, ...rest } = rows(['bob'], []);
  const moved = new Map([...accounts].map(([id, one]) => [id, { ...one, balanceSequence: 2n }]));
  memory.learn({ ...rest, accounts: moved });
  expect(memory.account(accountId('bob'))?.balanceSequence).toBe(2n);
  const shrunk = (name: string) => resizeHold('shrinkHold', 'change', `h-${name}`, name, '1');
  expect(memory.covers([shrunk('bob')])).toBe(false);
  expect(memory.covers([shrunk('alice')])).toBe(true);
});
