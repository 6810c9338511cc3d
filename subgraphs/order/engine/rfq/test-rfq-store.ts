import type { RfqChanges, RfqRecord } from '../../domain/rfq/rfq-changes.ts';
import type { ComparisonToken } from '../../domain/rfq/comparison-token.ts';
import type { RfqEvent } from '../../domain/rfq/rfq-event.ts';
import type { RfqQuote } from '../../domain/rfq/rfq-quote.ts';
import { isRfqClosed, type Rfq } from '../../domain/rfq/rfq.ts';
import { isSettled, type Settlement } from '../../domain/rfq/settlement.ts';

/** Keeps committed changes to requests for quote, as the real store does. */
export class MemoryRfqStore {
  readonly rfqs = new Map<string, Rfq>();
  readonly quotes = new Map<string, RfqQuote>();
  readonly settlements = new Map<string, Settlement>();
  readonly comparisons = new Map<string, ComparisonToken>();
  readonly events: RfqEvent[] = [];

  /** @param isApplied whether the ledger has applied the trade of a settlement; by default it has applied none */
  record(isApplied: (id: Settlement['id']) => boolean = () => false): RfqRecord {
    const settlements = [...this.settlements.values()].filter((one) => !isSettled(one));
    const isUnsettled = (rfq: Rfq) => settlements.some(({ rfqId }) => rfqId === rfq.id);
    const rfqs = [...this.rfqs.values()].filter((one) => !isRfqClosed(one) || isUnsettled(one));
    const quotes = [...this.quotes.values()].filter(({ rfqId }) =>
      rfqs.some((rfq) => rfq.id === rfqId && !isRfqClosed(rfq)),
    );
    const lastNumber = Math.max(0, ...[...this.rfqs.values()].map(({ number }) => number));
    const comparisons = [...this.comparisons.values()];
    const appliedTrades = settlements.map(({ id }) => id).filter(isApplied);
    return { rfqs, quotes, settlements, appliedTrades, comparisons, lastNumber };
  }

  commit({ rfqs, quotes, settlements, comparisons, events }: RfqChanges): void {
    for (const rfq of rfqs) this.rfqs.set(rfq.id, rfq);
    for (const quote of quotes) this.quotes.set(quote.id, quote);
    for (const settlement of settlements) this.settlements.set(settlement.id, settlement);
    for (const token of comparisons) this.comparisons.set(token.id, token);
    this.events.push(...events);
  }
}
