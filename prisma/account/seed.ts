import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type AssetCode,
  parseAccountId,
  parseAssetCode,
  parseUserId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import { SCOPES } from '#shared/identity/viewer.ts';
import { doAtStart } from '#shared/store/database-check.ts';
import { DESK_ACCOUNTS } from '../../subgraphs/account/domain/account.ts';
import { apiKeySecrets } from '../../subgraphs/account/identity/api-keys/api-key-secrets.ts';
import { randomText } from '../../subgraphs/account/identity/random-text.ts';
import type { AccountStores } from '../../subgraphs/account/store/open-account-stores.ts';
import { writeSecretFile } from '../secret-file.ts';
import { DEMO_EMAIL } from './demo-email.ts';
import {
  addAccount,
  addApiKey,
  addOwner,
  addUser,
  type BalanceSheet,
  deposit,
} from './seed-steps.ts';
import { withStores } from './with-stores.ts';

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

/**
 * Creates the desk's own accounts, the assets, the house's inventory and the demo trader. Safe to
 * repeat: existing rows stay unchanged. It repeats itself if the database does not respond.
 * @param options.demoKeyPath a file that holds the demo trader's API key afterwards, with all scopes;
 *   `demo-password` beside it holds the password of demo@deskgraph.example. Only their owner can
 *   read them, and the secrets are stored nowhere else. Without a path the demo trader has neither.
 * @throws Error if the ledger's totals are not zero
 */
export async function seedAccount(
  databaseUrl: string,
  options: { readonly demoKeyPath?: string } = {},
): Promise<void> {
  await withStores(databaseUrl, (stores) => doAtStart(() => seedStores(stores, options)));
}

async function seedStores(
  stores: AccountStores,
  { demoKeyPath }: { readonly demoKeyPath?: string },
): Promise<void> {
  await stores.provisioning.addAssets(ASSETS);
  for (const kind of ['HOUSE', 'FEES', 'EXTERNAL'] as const)
    await addAccount(stores, DESK_ACCOUNTS[kind], kind.toLowerCase(), kind);
  await deposit(stores, 'desk', DESK_ACCOUNTS.HOUSE, HOUSE_BALANCES);

  const demoUserId = trusted(parseUserId, 'usr-demo');
  const user = { id: demoUserId, email: DEMO_EMAIL, name: 'Demo trader' };
  const isNew = (await stores.identity.userById(demoUserId)) === null;
  if (isNew) await addUser(stores, user, demoKeyPath && (await makePassword(demoKeyPath)));
  for (const [accountId, balances] of [
    [trusted(parseAccountId, 'demo'), DEMO_BALANCES],
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
