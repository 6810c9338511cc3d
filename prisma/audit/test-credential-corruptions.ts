import { type Corruption, gone, reset } from './test-corruption.ts';

const OF_SAVER = 'user_id = (SELECT user_id FROM account_members WHERE account_id = :saver)';

/** The SQL that lets something go on that was ended, and the SQL that ends it again. */
const revived = (table: string, column: string) => reset(table, column, 'NULL', OF_SAVER);

/** Corruptions of what opens the way to a user's money; see `LEDGER_CORRUPTIONS`. */
export const CREDENTIAL_CORRUPTIONS: readonly Corruption[] = [
  [
    'a key that nobody made',
    'account',
    `INSERT INTO api_keys (id, user_id, name, secret_hash, created_at)
   SELECT 'planted', user_id, 'Planted', 'none', now() FROM account_members WHERE account_id = :saver`,
    `DELETE FROM api_keys WHERE id = 'planted'`,
    ['credentials'],
  ],
  ['a revoked key that goes on', 'account', ...revived('api_keys', 'revoked_at'), ['credentials']],
  ['an ended session that goes on', 'account', ...revived('sessions', 'ended_at'), ['credentials']],
  [
    'a second factor that was taken away',
    'account',
    ...gone('second_factors', OF_SAVER),
    ['factors'],
  ],
  [
    'a saved address that can be used too soon',
    'account',
    ...reset('withdrawal_addresses', 'usable_from', 'added_at', OF_SAVER),
    ['addresses'],
  ],
  [
    'a removed address that is there again',
    'account',
    ...revived('withdrawal_addresses', 'removed_at'),
    ['addresses'],
  ],
  [
    'withdrawals that are no longer limited to saved addresses',
    'account',
    ...gone('saved_addresses_switches', OF_SAVER),
    ['addresses'],
  ],
];
