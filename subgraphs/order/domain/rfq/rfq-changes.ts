import type { ComparisonToken } from './comparison-token.ts';
import type { RfqEvent } from './rfq-event.ts';
import type { RfqQuote } from './rfq-quote.ts';
import type { Rfq } from './rfq.ts';
import type { Settlement } from './settlement.ts';

/** The changes of one journal turn to requests for quote. */
export interface RfqChanges {
  /** New and changed ones, as they are at the end of the turn. */
  readonly rfqs: readonly Rfq[];
  /** New and withdrawn ones. */
  readonly quotes: readonly RfqQuote[];
  /** New and changed ones, as they are at the end of the turn. */
  readonly settlements: readonly Settlement[];
  /** New and used ones, as they are at the end of the turn. */
  readonly comparisons: readonly ComparisonToken[];
  /** Every event, in the order in which it happened. */
  readonly events: readonly RfqEvent[];
}

/** The requests for quote with which the journal starts: everything that can still change. */
export interface RfqRecord {
  /** Requests that are not closed, or closed and not settled. */
  readonly rfqs: readonly Rfq[];
  /** All quotes of those that are not closed. */
  readonly quotes: readonly RfqQuote[];
  /** Those that are not settled. */
  readonly settlements: readonly Settlement[];
  /** The trades of those settlements that the ledger has already applied. */
  readonly appliedTrades: readonly Settlement['id'][];
  /** Tokens that clients can still show, oldest first. */
  readonly comparisons: readonly ComparisonToken[];
  /** The number of the newest request, 0 before the first. */
  readonly lastNumber: number;
}
