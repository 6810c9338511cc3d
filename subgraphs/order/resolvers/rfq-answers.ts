import type { LastLook } from '../domain/rfq/last-look.ts';
import type { ShownLevel } from '../domain/rfq/price-level.ts';
import type { QuoteBasis, RfqQuote } from '../domain/rfq/rfq-quote.ts';
import type { RfqEvent } from '../domain/rfq/rfq-event.ts';
import type { Rfq, RfqAccept } from '../domain/rfq/rfq.ts';

/** What is shown with the digits of its instrument. */
type OfInstrument = Pick<Rfq, 'symbol'>;
/** A quote and its instrument. */
export type QuoteInScale = RfqQuote & OfInstrument;
/** A level and its instrument. */
export type LevelInScale = ShownLevel & OfInstrument;
/** The figures behind a quote and its instrument. */
export type BasisInScale = QuoteBasis & OfInstrument;
/** A last look and its instrument. */
export type LookInScale = LastLook & OfInstrument;
/** An accept and its instrument. */
export type AcceptInScale = RfqAccept & OfInstrument;

/** An event and its place in its stream. */
export interface RfqEventInStream extends RfqEvent {
  readonly __typename: 'RfqEvent';
  readonly cursor: string;
}

/** The last look at a request; null if it was not taken. */
export function lastLookOf({ state, symbol }: Rfq): LookInScale | null {
  const lastLook = 'lastLook' in state ? state.lastLook : null;
  return lastLook === null ? null : { ...lastLook, symbol };
}

/** The figures behind a quote; null if it has none. */
export function basisOf(
  { basis }: { readonly basis: QuoteBasis | null },
  { symbol }: OfInstrument,
): BasisInScale | null {
  return basis === null ? null : { ...basis, symbol };
}

/** An absent request and someone else's are one answer; the times are added by who answers. */
export const RFQ_NOT_FOUND = {
  __typename: 'RfqNotFound',
  message: 'The account has no such request for quote.',
} as const;
