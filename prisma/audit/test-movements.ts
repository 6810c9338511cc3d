import { systemClock } from '#shared/domain/clock.ts';
import { ONE } from '#shared/domain/decimal.ts';
import { type AccountId, parseAssetCode, parseTransferId, trusted } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { moneyOfUnits } from '#shared/domain/money.ts';
import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { MoveMoney } from '../../subgraphs/account/domain/ledger-command.ts';
import type { AuditAction } from '../../subgraphs/account/identity/audit/audit-record.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';
import { withStores } from '../account/with-stores.ts';

const { EXTERNAL } = DESK_ACCOUNTS;
const USDT = trusted(parseAssetCode, 'USDT');
const idOf = (id: string) => trusted(parseTransferId, id);

/**
 * Does on a desk what trading does not: the deposits `first` and `second` of 2 USDT into an account of one asset, and
 * of 1 USDT a correction of `first` and a withdrawal. Closes an empty account, and suspends and resumes a rail.
 */
export function moveWithoutTrading(
  databaseUrl: string,
  { saver, closed }: { readonly saver: AccountId; readonly closed: AccountId },
): Promise<void> {
  return withStores(databaseUrl, async (stores, atMs) => {
    const change = { asset: USDT, rail: 'DEPOSITS', operator: 'olga', atMs } as const;
    for (const reason of ['None', null]) await stores.rails.change({ ...change, reason });
    await stores.closures.close(closed, await recordOf(stores, closed, 'ACCOUNT_CLOSED', closed));
    await moveMoney(stores, saver);
  });
}

async function moveMoney(stores: AccountStores, saver: AccountId): Promise<void> {
  const { ledger, audit, entries } = stores;
  const requests = [
    await recordOf(stores, saver, 'CORRECTION_REQUESTED', 'correction'),
    await recordOf(stores, saver, 'WITHDRAWAL_REQUESTED', 'withdrawal'),
  ];
  for (const request of requests) await audit.append(request);
  const [{ userId: actor }] = requests as [(typeof requests)[number]];
  const movement = (kind: MoveMoney['kind'], id: string, amount: bigint): MoveMoney => {
    const [from, to] = kind === 'deposit' ? [EXTERNAL, saver] : [saver, EXTERNAL];
    return { kind, transferId: idOf(id), from, to, asset: USDT, amount: moneyOfUnits(amount) };
  };
  await ledger.run(
    actor,
    ['first', 'second'].map((id) => movement('deposit', id, 2n * ONE)),
  );
  // The first entry is that of the account's own asset.
  const corrects = await entries.movementOf(saver, 2n);
  invariant(corrects !== null, 'a deposit has no entry');
  const amount = moneyOfUnits(ONE);
  await ledger.run(actor, [
    {
      kind: 'correct',
      correctionId: idOf('correction'),
      corrects,
      amount,
      reason: 'A slip',
      actor,
    },
    movement('withdraw', 'withdrawal', ONE),
  ]);
}

/** What the owner of an account did. */
async function recordOf(
  { members }: AccountStores,
  accountId: AccountId,
  action: AuditAction,
  subjectId: string,
) {
  const [owner] = await members.membersOf([accountId]);
  invariant(owner !== undefined, `the account ${accountId} has no owner`);
  const nobody = { apiKeyId: null, sessionId: null, origin: null };
  return { userId: owner.userId, action, subjectId, ...nobody, atMs: systemClock.now() };
}
