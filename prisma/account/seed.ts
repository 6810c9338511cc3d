import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '#shared/domain/clock.ts';
import {
  type AccountId,
  type AssetCode,
  parseAccountId,
  parseAssetCode,
  parseTransferId,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { parseMoney, ZERO_MONEY } from '#shared/domain/money.ts';
import { SCOPES, type Scope } from '#shared/identity/viewer.ts';
import { type AccountKind, DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import type { MoveMoney } from '../../subgraphs/account/domain/ledger-command.ts';
import { apiKeySecrets } from '../../subgraphs/account/identity/api-key-secrets.ts';
import type { PasswordHasher } from '../../subgraphs/account/identity/credentials.ts';
import { newIds } from '../../subgraphs/account/identity/new-ids.ts';
import { randomText } from '../../subgraphs/account/identity/random-text.ts';
import { ScryptPasswordHasher } from '../../subgraphs/account/identity/scrypt-password-hasher.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';
import { writeSecretFile } from '../secret-file.ts';
import { DEMO_EMAIL } from './demo-email.ts';
import { withStores } from './with-stores.ts';

/** Asset code → amount, a plain decimal. */
export type BalanceSheet = Readonly<Record<string, string>>;

const ASSETS = ['BTC', 'ETH', 'SOL', 'USDT', 'EUR'].map((code) => ({
  code: trusted(parseAssetCode, code),
  // Wide enough for the price scale plus the quantity scale of every instrument quoted in it.
  scale: 8,
}));
const HOUSE_BALANCES = { BTC: '100', ETH: '2000', SOL: '50000', USDT: '20000000', EUR: '5000000' };
const DEMO_BALANCES = { USDT: '100000', BTC: '1', ETH: '10' };
/** The demo trader's second account, for trying transfers between own accounts. */
const SECOND_DEMO_BALANCES = { USDT: '10000', BTC: '1' };
const PASSWORD_LENGTH = 24;

/** The demo trader, created by this seed or an earlier one. */
export interface SeededAccounts {
  readonly demoAccountId: AccountId;
  readonly demoUserId: UserId;
}

/**
 * Creates the desk's own accounts, the assets, the house's inventory and the demo trader. Safe to
 * repeat: existing rows stay unchanged.
 * @param options.demoKeyPath a file that holds the demo trader's API key afterwards, with all scopes;
 *   `demo-password` beside it holds the password of demo@deskgraph.example. Only their owner can
 *   read them, and the secrets are stored nowhere else. Without a path the demo trader has neither.
 * @throws Error if the ledger's totals are not zero
 */
export async function seedAccount(
  databaseUrl: string,
  options: { readonly demoKeyPath?: string } = {},
): Promise<SeededAccounts> {
  return withStores(databaseUrl, async (stores) => {
    await stores.provisioning.addAssets(ASSETS);
    for (const kind of ['HOUSE', 'FEES', 'EXTERNAL'] as const)
      await addAccount(stores, DESK_ACCOUNTS[kind], kind.toLowerCase(), kind);
    await deposit(stores, 'desk', DESK_ACCOUNTS.HOUSE, HOUSE_BALANCES);

    const demoAccountId = trusted(parseAccountId, 'demo');
    const demoUserId = trusted(parseUserId, 'usr-demo');
    const { demoKeyPath } = options;
    const user = { id: demoUserId, email: DEMO_EMAIL, name: 'Demo trader' };
    const isNew = (await stores.identity.userById(demoUserId)) === null;
    if (isNew) await addUser(stores, user, demoKeyPath && (await makePassword(demoKeyPath)));
    for (const [accountId, balances] of [
      [demoAccountId, DEMO_BALANCES],
      [trusted(parseAccountId, 'demo-2'), SECOND_DEMO_BALANCES],
    ] as const) {
      await addAccount(stores, accountId, accountId, 'CLIENT');
      const [account] = await stores.accounts.accounts([accountId]);
      // The demo trader may have closed it, and left it.
      if (account?.closedAtMs !== null) continue;
      await addOwner(stores, demoUserId, accountId);
      await deposit(stores, demoUserId, accountId, balances);
    }
    if (demoKeyPath !== undefined) await provideDemoKey(stores, demoUserId, demoKeyPath);
    await assertBalanced(stores);
    return { demoAccountId, demoUserId };
  });
}

/** A new trader with an account of their own. */
export interface SeededTrader {
  readonly accountId: AccountId;
  readonly userId: UserId;
  /** The whole key, as the client sends it. */
  readonly apiKey: string;
  readonly email: string;
}

/**
 * Creates a trader with one account, funded by real deposits, and an API key.
 * @param options.moreAccounts how many further accounts of the same balances they own
 * @param options.isDesk whether they also own the house's account, and so act for the desk
 * @param options.password lets them sign in; hashing it takes half a second
 * @param options.passwords a faster way to hash it
 * @param options.scopes the key's scopes; all if omitted
 */
export async function seedTrader(
  databaseUrl: string,
  options: {
    readonly name: string;
    readonly balances: BalanceSheet;
    readonly moreAccounts?: number;
    readonly isDesk?: boolean;
    readonly password?: string;
    readonly passwords?: PasswordHasher;
    readonly scopes?: readonly Scope[];
  },
): Promise<SeededTrader> {
  return withStores(databaseUrl, async (stores) => {
    const [userId, accountId] = [newIds.userId(), newIds.accountId()];
    const email = `${userId}@deskgraph.example`;
    const user = { id: userId, email, name: options.name };
    await addUser(stores, user, options.password, options.passwords);
    const more = Array.from({ length: options.moreAccounts ?? 0 }, () => newIds.accountId());
    for (const id of [accountId, ...more]) {
      await addAccount(stores, id, options.name, 'CLIENT');
      await addOwner(stores, userId, id);
      await deposit(stores, userId, id, options.balances);
    }
    if (options.isDesk === true) await addOwner(stores, userId, DESK_ACCOUNTS.HOUSE);
    const apiKey = await addApiKey(stores, userId, options.name, options.scopes ?? SCOPES);
    return { accountId, userId, apiKey, email };
  });
}

/**
 * Registers assets with the ledger and gives the house an inventory of some, once each. Safe to repeat:
 * existing rows stay unchanged.
 */
export async function addAssets(
  databaseUrl: string,
  assets: readonly { readonly code: AssetCode; readonly scale: number }[],
  inventory: BalanceSheet,
): Promise<void> {
  await withStores(databaseUrl, async (stores) => {
    await stores.provisioning.addAssets(assets);
    await deposit(stores, 'desk', DESK_ACCOUNTS.HOUSE, inventory);
  });
}

function addAccount(stores: AccountStores, id: AccountId, name: string, kind: AccountKind) {
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

async function addOwner({ provisioning }: AccountStores, userId: UserId, accountId: AccountId) {
  const grant = { accountId, role: 'OWNER' } as const;
  const refusal = await provisioning.addMember(userId, grant, systemClock.now());
  invariant(refusal === null || refusal === 'ALREADY_MEMBER', `${userId} has no place: ${refusal}`);
}

async function addUser(
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
async function deposit(
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

async function addApiKey(
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

/** Keeps the key in the file if it is valid; otherwise creates a new one and writes it there. */
async function provideDemoKey(
  stores: AccountStores,
  userId: UserId,
  demoKeyPath: string,
): Promise<void> {
  const text = await readFile(demoKeyPath, 'utf8').catch(() => '');
  const parsed = apiKeySecrets.parse(text.trim());
  const known = parsed === null ? null : await stores.apiKeys.key(parsed.id);
  const isGood =
    parsed !== null && known !== null && apiKeySecrets.matches(parsed.secretHash, known.secretHash);
  if (isGood && known.revokedAtMs === null) return;
  await writeSecret(demoKeyPath, await addApiKey(stores, userId, 'demo', SCOPES));
}

async function makePassword(demoKeyPath: string): Promise<string> {
  const password = randomText(PASSWORD_LENGTH);
  await writeSecret(path.join(path.dirname(demoKeyPath), 'demo-password'), password);
  return password;
}

async function writeSecret(file: string, secret: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeSecretFile(file, `${secret}\n`);
}

async function assertBalanced({ provisioning }: AccountStores): Promise<void> {
  for (const { asset, total } of await provisioning.totals())
    invariant(
      total === '0',
      `the totals of ${asset} over all accounts sum to ${total}, not to zero`,
    );
}
