import { randomBytes } from 'node:crypto';
import { DAY_MS, systemClock } from '#shared/domain/clock.ts';
import { type AccountId, parseAssetCode, trusted } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { AuditAction } from '../../subgraphs/account/identity/audit/audit-record.ts';
import { newIds } from '../../subgraphs/account/identity/new-ids.ts';
import { withStores } from '../account/with-stores.ts';

/**
 * Makes on a desk what opens the way to the money of an account's owner: a session, which is ended; a saved address, which
 * is removed; a second factor and the limit to saved addresses, which stay. Revokes the owner's key.
 */
export function makeCredentials(databaseUrl: string, accountId: AccountId): Promise<void> {
  return withStores(databaseUrl, async (stores) => {
    const [owner] = await stores.members.membersOf([accountId]);
    invariant(owner !== undefined, `the account ${accountId} has no owner`);
    const { userId } = owner;
    const atMs = systemClock.now();
    const nobody = { apiKeyId: null, sessionId: null, origin: null };
    const recordOf = (action: AuditAction, subjectId: string | null = null) => ({
      ...{ userId, action, subjectId, atMs },
      ...nobody,
    });
    const secret = () => randomBytes(16).toString('hex');
    const id = newIds.sessionId();
    const times = { createdAtMs: atMs, refreshedAtMs: atMs, expiresAtMs: atMs + DAY_MS };
    const hashes = { familyHash: secret(), tokenHash: secret() };
    const session = { id, userId, origin: null, endedAtMs: null, ...times, ...hashes };
    await stores.sessions.add(session, recordOf('SIGNED_IN', id));
    await stores.sessions.end(id, recordOf('SESSION_ENDED', id));
    const [key] = await stores.apiKeys.keysOf(userId, atMs, 1);
    invariant(key !== undefined, 'the owner has no key');
    await stores.apiKeys.revoke(key.id, recordOf('API_KEY_REVOKED', key.id));
    const address = {
      ...{ id: newIds.withdrawalAddressId(), userId, asset: trusted(parseAssetCode, 'USDT') },
      ...{ address: 'there', label: 'There', addedAtMs: atMs, usableFromMs: atMs + DAY_MS },
    };
    await stores.withdrawalAddresses.add(address, recordOf('WITHDRAWAL_ADDRESS_ADDED', address.id));
    const removal = recordOf('WITHDRAWAL_ADDRESS_REMOVED', address.id);
    await stores.withdrawalAddresses.remove(address.id, removal);
    await stores.withdrawalAddresses.switchOn(recordOf('SAVED_ADDRESSES_ONLY_ON'));
    const sealedSecret = secret();
    await stores.secondFactors.start(userId, sealedSecret);
    const change = { sealedSecret, counter: 1n, codeHashes: [] };
    await stores.secondFactors.confirm(change, recordOf('SECOND_FACTOR_ON'));
  });
}
