import { parseClientRfqId, parseRfqId } from '#shared/domain/ids.ts';
import { type AccountAccess, permittedAccount } from '../account-access.ts';
import type { PageAsk } from '../ports/order-reads.ts';
import type { RfqFilter, RfqReads } from './rfq-reads.ts';
import type { Rfq } from './rfq.ts';

/** Who asks, and where the answers are read. */
export interface RfqReader {
  readonly access: Pick<AccountAccess, 'mayRead'>;
  readonly reads: RfqReads;
}

/** One request; null for a nonexistent one and for someone else's. */
export async function readRfq({ access, reads }: RfqReader, id: string): Promise<Rfq | null> {
  const rfqId = parseRfqId(id);
  const rfq = rfqId === null ? null : await reads.rfq(rfqId);
  return rfq !== null && access.mayRead(rfq.accountId) ? rfq : null;
}

/** As {@link readRfq}, by the client's own id. */
export async function readRfqByClientRfqId(
  { access, reads }: RfqReader,
  account: string,
  client: string,
): Promise<Rfq | null> {
  const accountId = permittedAccount(account, access.mayRead);
  const clientRfqId = parseClientRfqId(client);
  if (accountId === null || clientRfqId === null) return null;
  return reads.rfqByClientRfqId({ accountId, clientRfqId });
}

/** An account's requests, newest first; none for a nonexistent account and for someone else's. */
export async function listRfqs(
  { access, reads }: RfqReader,
  account: string,
  filter: RfqFilter,
  page: PageAsk,
): Promise<readonly Rfq[]> {
  const accountId = permittedAccount(account, access.mayRead);
  if (accountId === null) return [];
  return reads.rfqs(accountId, filter, page);
}
