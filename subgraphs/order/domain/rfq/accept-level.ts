import type { RecordedOrder } from '../order-event.ts';
import {
  type Accept,
  acceptOnce,
  type AcceptQuoteOutcome,
  type AcceptQuotePorts,
  answerTo,
} from './accept-once.ts';
import { acceptOf } from './rfq.ts';

/**
 * Accepts a level. There is no request before the accept, so a retry is recognized by the client's
 * id for the order: by then the request exists, and the accept is answered like any of its accepts.
 * @throws UnavailableError if nothing was done because a part of the system does not answer
 */
export async function acceptLevel(
  ports: AcceptQuotePorts,
  accept: Omit<Accept, 'rfqId'>,
): Promise<AcceptQuoteOutcome> {
  const { accountId, terms } = accept;
  const { clientOrderId } = terms;
  const existing = await ports.orders.byClientOrderId({ accountId, clientOrderId });
  if (existing !== null) return acceptAgain(ports, accept, existing);
  const rfqId = ports.newRfqId();
  const ids = { rfqId, clientRfqId: ports.newClientRfqId(), orderId: ports.newOrderId() };
  return answerTo(ports, { ...accept, rfqId }, () => ports.levels.accept({ ...accept, ...ids }));
}

async function acceptAgain(
  ports: AcceptQuotePorts,
  accept: Omit<Accept, 'rfqId'>,
  existing: RecordedOrder,
): Promise<AcceptQuoteOutcome> {
  const { rfqId } = existing.link;
  const rfq = rfqId === null ? null : await ports.rfqReads.rfq(rfqId);
  const isSameLevel = rfq !== null && acceptOf(rfq)?.quoteId === accept.terms.quoteId;
  return isSameLevel
    ? acceptOnce(ports, { ...accept, rfqId: rfq.id })
    : { kind: 'conflict', existing };
}
