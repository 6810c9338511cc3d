import { createHash } from 'node:crypto';
import { parseUserId, trusted } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../identity/audit/audit-record.ts';
import type { OutsideIdentity } from '../identity/sign-in/outside-issuer.ts';
import type { OutsideIdentityStore } from '../identity/sign-in/sign-in-with-token.ts';
import type { AccountClient } from './account-client.ts';
import type { UserTransactions } from './user-transactions.ts';
import { appendAudit } from './audit-store.ts';

/** Longer than any token lives, so that a deleted one has expired by every clock. */
const KEPT_MS = 60 * 60_000;

/** Users' identities at outside issuers, in PostgreSQL. */
export class PostgresOutsideIdentityStore implements OutsideIdentityStore {
  readonly #client: AccountClient;
  readonly #transactions: UserTransactions;

  constructor(client: AccountClient, transactions: UserTransactions) {
    this.#client = client;
    this.#transactions = transactions;
  }

  async userOf({ issuer, subject }: OutsideIdentity) {
    const row = await this.#client.outsideIdentity.findUnique({
      where: { issuer_subject: { issuer, subject } },
    });
    return row === null ? null : trusted(parseUserId, row.userId);
  }

  link({ issuer, subject }: OutsideIdentity, record: AuditRecord) {
    const { userId, atMs } = record;
    return this.#transactions.run(record.userId, async (transaction) => {
      const data = [{ issuer, subject, userId, linkedAt: new Date(atMs) }];
      const { count } = await transaction.outsideIdentity.createMany({
        data,
        skipDuplicates: true,
      });
      if (count > 0) await appendAudit(transaction, record);
      return count > 0;
    });
  }

  async use(signedPart: string, untilMs: number) {
    const hash = createHash('sha256').update(signedPart).digest('base64url');
    const data = [{ hash, usedUntil: new Date(untilMs) }];
    const { count } = await this.#client.usedIdToken.createMany({ data, skipDuplicates: true });
    // Each use deletes the expired ones; there are few.
    const usedUntil = { lt: new Date(untilMs - KEPT_MS) };
    await this.#client.usedIdToken.deleteMany({ where: { usedUntil } });
    return count === 1;
  }
}
