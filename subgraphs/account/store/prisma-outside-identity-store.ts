import { parseUserId, trusted } from '#shared/domain/ids.ts';
import type { AuditRecord } from '../identity/audit-record.ts';
import type { OutsideIdentity } from '../identity/outside-issuer.ts';
import type { OutsideIdentityStore } from '../identity/sign-in-with-token.ts';
import type { AccountClient } from './account-client.ts';
import { appendAudit } from './prisma-audit-store.ts';

/** Who people are with an outside issuer, on PostgreSQL. */
export class PrismaOutsideIdentityStore implements OutsideIdentityStore {
  readonly #client: AccountClient;

  constructor(client: AccountClient) {
    this.#client = client;
  }

  async userOf({ issuer, subject }: OutsideIdentity) {
    const row = await this.#client.outsideIdentity.findUnique({
      where: { issuer_subject: { issuer, subject } },
    });
    return row === null ? null : trusted(parseUserId, row.userId);
  }

  link({ issuer, subject }: OutsideIdentity, record: AuditRecord) {
    const { userId, atMs } = record;
    return this.#client.$transaction(async (transaction) => {
      const data = [{ issuer, subject, userId, linkedAt: new Date(atMs) }];
      const { count } = await transaction.outsideIdentity.createMany({
        ...{ data, skipDuplicates: true },
      });
      if (count > 0) await appendAudit(transaction, record);
      return count > 0;
    });
  }
}
