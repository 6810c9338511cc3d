import { parseRfqId } from '#shared/domain/ids.ts';
import { permittedAccount } from '../account-access.ts';
import { UnavailableError } from '../ports/unavailable-error.ts';
import type { RfqAccess } from './rfq-access.ts';
import type { RfqJournal } from './rfq-journal.ts';
import type { RfqReads } from './rfq-reads.ts';
import { isLive, type Rfq } from './rfq.ts';

/** The possible answers to the cancel of a request. */
export type CancelRfqOutcome =
  | { readonly kind: 'canceled'; readonly rfq: Rfq; readonly replayed: boolean }
  /** The request was accepted, or is closed for another reason. */
  | { readonly kind: 'notCancelable'; readonly rfq: Rfq }
  | { readonly kind: 'rfqNotFound' }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/**
 * Cancels a request for quote: none of its quotes can be accepted afterwards. Canceling a canceled request succeeds.
 * @throws UnavailableError if the cancel may not be stored, or if the journal has left the request out of its books
 */
export async function cancelRfq(
  {
    rfqJournal,
    rfqReads,
  }: {
    readonly rfqJournal: Pick<RfqJournal, 'cancel'>;
    readonly rfqReads: Pick<RfqReads, 'rfq'>;
  },
  access: Pick<RfqAccess, 'mayRequestQuotes'>,
  command: { readonly accountId: string; readonly rfqId: string },
): Promise<CancelRfqOutcome> {
  const accountId = permittedAccount(command.accountId, access.mayRequestQuotes);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  const rfqId = parseRfqId(command.rfqId);
  const before = rfqId === null ? null : await rfqReads.rfq(rfqId);
  if (before?.accountId !== accountId) return { kind: 'rfqNotFound' };
  if (before.state.status === 'CANCELED') return { kind: 'canceled', rfq: before, replayed: true };
  const after = (await rfqJournal.cancel(before.id)) ?? (await rfqReads.rfq(before.id)) ?? before;
  if (isLive(after))
    throw new UnavailableError('The request for quote cannot be changed at present.', null);
  return after.state.status === 'CANCELED'
    ? { kind: 'canceled', rfq: after, replayed: false }
    : { kind: 'notCancelable', rfq: after };
}
