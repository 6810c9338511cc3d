import { systemClock } from '#shared/domain/clock.ts';
import {
  type AccountId,
  parseAssetCode,
  parseTransferId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { parseMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import type { Scope } from '#shared/identity/viewer.ts';
import { type AccountKind, DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { MoveMoney } from '../../subgraphs/account/domain/ledger-command.ts';
import { apiKeySecrets } from '../../subgraphs/account/identity/api-keys/api-key-secrets.ts';
import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { ScryptPasswordHasher } from '../../subgraphs/account/identity/passwords/scrypt-password-hasher.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';

/** Asset code → amount, a plain decimal. */
export type BalanceSheet = Readonly<Record<string, string>>;

/** Creates an account; an existing row stays unchanged. */
export function addAccount(stores: AccountStores, id: AccountId, name: string, kind: AccountKind) {
  const createdAtMs = systemClock.now();
  return stores.provisioning.addAccount({
    id,
    name,
    kind,
    tradingState: 'ACTIVE',
    freeze: null,
    closedAtMs: null,
    createdAtMs,
  });
}

/** Lets a user own an account. @throws Error (an invariant) if it has no place for another member */
export async function addOwner(
  { provisioning }: AccountStores,
  userId: UserId,
  accountId: AccountId,
) {
  const grant = { accountId, role: 'OWNER' } as const;
  const refusal = await provisioning.addMember(userId, grant, systemClock.now());
  invariant(refusal === null || refusal === 'ALREADY_MEMBER', `${userId} has no place: ${refusal}`);
}

/** Creates a user; the password is hashed with a hasher of its own if none is given. */
export async function addUser(
  { provisioning }: AccountStores,
  user: { readonly id: UserId; readonly email: string; readonly name: string },
  password: string | undefined,
  passwords?: PasswordHasher,
): Promise<void> {
  const hasher = passwords ?? new ScryptPasswordHasher();
  const hash = password === undefined ? null : await hasher.hash(password);
  if (passwords === undefined) hasher.close();
  await provisioning.addUser({ ...user, passwordHash: hash, createdAtMs: systemClock.now() });
}

/** Deposits each asset from outside at most once, because the transfer ids are fixed. */
export async function deposit(
  { ledger }: AccountStores,
  issuer: string,
  to: AccountId,
  balances: BalanceSheet,
): Promise<void> {
  const commands = Object.entries(balances).map(([asset, amount]): MoveMoney => ({
    kind: 'deposit',
    transferId: trusted(parseTransferId, `seed.${to}.${asset}`),
    from: DESK_ACCOUNTS.EXTERNAL,
    to,
    asset: trusted(parseAssetCode, asset),
    amount: parseMoney(amount) ?? ZERO_MONEY,
  }));
  for (const answer of await ledger.run(issuer, commands))
    invariant(
      answer.kind === 'answered' && answer.outcome.kind === 'applied',
      `a deposit of the seed was not applied: ${answer.kind}`,
    );
}

/** Creates an API key for a user. @returns the whole key, as the client sends it */
export async function addApiKey(
  { apiKeys }: AccountStores,
  userId: UserId,
  name: string,
  scopes: readonly Scope[],
): Promise<string> {
  const { id, text, secretHash } = apiKeySecrets.make();
  // The desk's operator grants it, without the limits on what people can grant themselves.
  const atMs = systemClock.now();
  const isAdded = await apiKeys.add(
    {
      id,
      userId,
      name,
      scopes,
      accountIds: null,
      ipAllowList: [],
      publicKey: null,
      secretHash,
      previousSecretHash: null,
      previousSecretUntilMs: null,
      rotationRetryKey: null,
      secretUsedAtMs: null,
      createdAtMs: atMs,
      expiresAtMs: null,
      revokedAtMs: null,
      lastUsedAtMs: null,
      lastUsedAddress: null,
    },
    {
      userId,
      action: 'API_KEY_CREATED',
      subjectId: id,
      atMs,
      apiKeyId: null,
      sessionId: null,
      origin: null,
    },
  );
  invariant(isAdded, `${name} has too many valid API keys`);
  return text;
}
