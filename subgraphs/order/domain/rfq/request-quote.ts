import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import {
  type AccountId,
  parseClientRfqId,
  parseInstrumentSymbol,
  type RfqId,
  type UserId,
} from '#shared/domain/ids.ts';
import { unknownInstrumentMessage } from '#shared/domain/unknown-instrument.ts';
import { permittedAccount } from '../account-access.ts';
import type { Instruments } from '../ports/instruments.ts';
import { mayBeDone } from '../ports/not-owner-error.ts';
import type { OneAtATime } from '../one-at-a-time.ts';
import type { RfqAccess } from './rfq-access.ts';
import type { RfqQuote } from './rfq-quote.ts';
import type { RfqJournal } from './rfq-journal.ts';
import type { RfqReads } from './rfq-reads.ts';
import { type RfqRefusal, rfqRefusal } from './rfq-refusal.ts';
import type { RequestRate } from './request-rate.ts';
import { differingRfqFields, type NewRfq, type Rfq } from './rfq.ts';

/** A request as received; ids are not checked yet. */
export interface RequestQuote extends Pick<NewRfq, 'side' | 'size'> {
  readonly accountId: string;
  readonly clientRfqId: string;
  readonly symbol: string;
}

/** The possible answers to a request for quote. */
export type RequestQuoteOutcome =
  | {
      readonly kind: 'requested';
      readonly rfq: Rfq;
      /** Null if they were not looked up. */
      readonly quotes: readonly RfqQuote[] | null;
      readonly replayed: boolean;
    }
  | { readonly kind: 'denied'; readonly refusal: RfqRefusal }
  | {
      readonly kind: 'conflict';
      readonly existing: Rfq;
      readonly differingFields: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly accountId: string; readonly clientRfqId: string }
  | { readonly kind: 'accountNotFound'; readonly accountId: string };

/** The dependencies of requesting a quote. */
export interface RequestQuotePorts {
  readonly rfqJournal: RfqJournal;
  readonly rfqReads: RfqReads;
  readonly instruments: Instruments;
  /** Makes requests with the same clientRfqId wait for each other; one instance for all requests. */
  readonly twins: OneAtATime;
  /** One instance for all requests. */
  readonly requestRate: RequestRate;
  readonly newRfqId: () => RfqId;
  readonly clock: Clock;
}

/**
 * Requests a price, once for each account and clientRfqId. A denied request is not kept, and its clientRfqId can be
 * used again.
 * @throws UnavailableError if nothing was done, because a part of the system does not respond
 */
export async function requestQuote(
  ports: RequestQuotePorts,
  access: RfqAccess,
  command: RequestQuote,
): Promise<RequestQuoteOutcome> {
  const accountId = permittedAccount(command.accountId, access.mayRequestQuotes);
  if (accountId === null) return { kind: 'accountNotFound', accountId: command.accountId };
  const asked = wellFormed(ports, accountId, command);
  if ('kind' in asked) return asked;
  return ports.twins.run(`rfq ${accountId}/${asked.clientRfqId}`, () =>
    requestOnce(ports, asked, access.userId),
  );
}

async function requestOnce(
  { rfqReads, rfqJournal, instruments, requestRate, clock }: RequestQuotePorts,
  asked: NewRfq,
  userId: UserId | null,
): Promise<RequestQuoteOutcome> {
  const existing = await rfqReads.rfqByClientRfqId(asked);
  if (existing !== null) {
    const differingFields = differingRfqFields(existing, asked);
    return differingFields.length > 0
      ? { kind: 'conflict', existing, differingFields }
      : { kind: 'requested', rfq: existing, quotes: null, replayed: true };
  }
  const tooMany = requestRate.take({ userId, accountId: asked.accountId }, steadyNow(clock));
  if (tooMany !== null) return { kind: 'denied', refusal: tooMany };
  const instrument = (await instruments.find(asked.symbol)) ?? null;
  try {
    const requested = await rfqJournal.request(asked, instrument, userId);
    if (requested.kind === 'denied') return requested;
    const { rfq, quote } = requested;
    return { kind: 'requested', rfq, quotes: quote === null ? [] : [quote], replayed: false };
  } catch (cause) {
    const { accountId, clientRfqId } = asked;
    if (mayBeDone(cause)) return { kind: 'unknown', accountId, clientRfqId };
    throw cause;
  }
}

function wellFormed(
  { newRfqId }: RequestQuotePorts,
  accountId: AccountId,
  { clientRfqId: clientText, symbol: symbolText, side, size }: RequestQuote,
): NewRfq | RequestQuoteOutcome {
  const clientRfqId = parseClientRfqId(clientText);
  if (clientRfqId === null) {
    const message = 'The clientRfqId must be 1 to 36 characters of A-Z a-z 0-9 _ . : and -.';
    const refusal = rfqRefusal('INVALID_CLIENT_RFQ_ID', message, { rule: 'clientRfqId' });
    return { kind: 'denied', refusal };
  }
  const symbol = parseInstrumentSymbol(symbolText);
  if (symbol === null) {
    const refusal = rfqRefusal('INSTRUMENT_NOT_FOUND', unknownInstrumentMessage(symbolText));
    return { kind: 'denied', refusal };
  }
  return { id: newRfqId(), accountId, clientRfqId, symbol, side, size };
}
