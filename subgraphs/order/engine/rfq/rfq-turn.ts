import type { ComparisonTokenId, QuoteId, RfqId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import type { NewOrder } from '../../domain/order-progress.ts';
import type { ComparisonToken } from '../../domain/rfq/comparison-token.ts';
import type { FirmLevel } from '../../domain/rfq/price-level.ts';
import type { RfqChanges } from '../../domain/rfq/rfq-changes.ts';
import type { RfqEvent, RfqEventType } from '../../domain/rfq/rfq-event.ts';
import {
  isFirm,
  type PricedQuote,
  type QuoteSource,
  type RfqQuote,
} from '../../domain/rfq/rfq-quote.ts';
import { rfqTransition } from '../../domain/rfq/rfq-lifecycle.ts';
import { RFQ_SETTINGS, type RfqSettings } from '../../domain/rfq/rfq-settings.ts';
import { NO_PRICER, type QuotePricer } from '../../domain/rfq/quote-pricer.ts';
import type { NewRfq, Rfq } from '../../domain/rfq/rfq.ts';
import type { Settlement } from '../../domain/rfq/settlement.ts';
import type { RfqBook } from './rfq-book.ts';
import { SET_BACK_MS } from './set-back.ts';

/** How the desk quotes, the same for all turns. */
export interface QuotingDesk {
  readonly pricer: QuotePricer;
  readonly settings: RfqSettings;
}

/** A desk that quotes nothing. */
export const NO_QUOTING: QuotingDesk = { pricer: NO_PRICER, settings: RFQ_SETTINGS };

/** The part of a turn that is about requests for quote. Nothing in it counts before it is stored. */
export class RfqTurn implements QuotingDesk {
  readonly book: RfqBook;
  readonly pricer: QuotePricer;
  readonly settings: RfqSettings;
  readonly #now: number;
  readonly #at: number;
  readonly #steadyMs: number;
  readonly #rfqs = new Map<RfqId, Rfq>();
  readonly #quotes = new Map<QuoteId, RfqQuote>();
  readonly #settlements = new Map<Settlement['id'], Settlement>();
  readonly #comparisons = new Map<ComparisonTokenId, ComparisonToken>();
  readonly #events: RfqEvent[] = [];

  /** @param times of the whole turn */
  constructor(
    book: RfqBook,
    { pricer, settings }: QuotingDesk,
    times: { readonly now: number; readonly at: number; readonly steadyMs: number },
  ) {
    this.book = book;
    this.pricer = pricer;
    this.settings = settings;
    this.#now = times.now;
    this.#at = times.at;
    this.#steadyMs = times.steadyMs;
  }

  /** Records a new request. */
  request(asked: NewRfq): Rfq {
    const expiresAt = this.#now + this.settings.rfqLifeMs;
    return this.#record(this.#new(asked, { origin: 'REQUEST', expiresAt }), 'REQUESTED');
  }

  /** Records a request that begins with an accepted level, which becomes the quote with this id. */
  requestByLevel(asked: NewRfq, { bid, ask, basis, ...level }: FirmLevel, id: QuoteId): Rfq {
    const { createdAt, validUntil } = level;
    const asNew = this.#new(asked, { origin: 'LEVEL', expiresAt: validUntil });
    const rfq = this.#record({ ...asNew, firstQuotedAt: createdAt }, 'REQUESTED');
    const quote: RfqQuote = {
      id,
      rfqId: rfq.id,
      source: 'MACHINE',
      bid,
      ask,
      basis,
      createdAt,
      validUntil,
      withdrawnAt: null,
    };
    this.#makeQuote(quote);
    rfqTransition(rfq.state.status, 'QUOTE');
    return this.#record({ ...rfq, state: { status: 'QUOTED' } }, 'QUOTED', { quote });
  }

  /** Records a firm quote. @returns the request and the quote */
  quote(
    rfq: Rfq,
    priced: PricedQuote,
    { id, source }: { readonly id: QuoteId; readonly source: QuoteSource },
  ): { readonly rfq: Rfq; readonly quote: RfqQuote } {
    rfqTransition(rfq.state.status, 'QUOTE');
    const quote: RfqQuote = {
      ...priced,
      id,
      rfqId: rfq.id,
      source,
      createdAt: this.#now,
      validUntil: Math.min(this.#now + this.settings.quoteLifeMs, rfq.expiresAt),
      withdrawnAt: null,
    };
    this.#makeQuote(quote);
    const state = { status: 'QUOTED' } as const;
    const quoted = { ...rfq, state, firstQuotedAt: rfq.firstQuotedAt ?? this.#now };
    return { rfq: this.#record(quoted, 'QUOTED', { quote }), quote };
  }

  /**
   * Withdraws the quotes of a request that are firm, or would be again if the clock were set back so little that nobody
   * notices. @returns the request
   */
  withdraw(rfq: Rfq): Rfq {
    let latest = rfq;
    for (const firm of this.book.quotes(rfq.id)) {
      if (!isFirm(firm, this.#now - SET_BACK_MS)) continue;
      const quote = { ...firm, withdrawnAt: this.#now };
      this.#keepQuote(quote);
      latest = this.#record(latest, 'QUOTE_WITHDRAWN', { quote });
    }
    return latest;
  }

  /** Stops quoting a request and withdraws its firm quotes. @returns the request */
  stopQuoting(rfq: Rfq): Rfq {
    rfqTransition(rfq.state.status, 'STOP_QUOTING');
    return this.#record({ ...this.withdraw(rfq), state: { status: 'OPEN' } }, 'NOT_QUOTING');
  }

  /** Records the new state of a request. */
  change(rfq: Rfq, type: RfqEventType, settlement: Settlement | null = null): Rfq {
    if (settlement !== null) this.#keepSettlement(settlement);
    return this.#record(rfq, type, { settlement });
  }

  /** Records a step of a settlement. */
  changeSettlement(settlement: Settlement): void {
    const rfq = this.book.liveRfq(settlement.rfqId);
    this.#record(rfq, 'SETTLEMENT_CHANGED', { settlement });
    this.#keepSettlement(settlement);
  }

  /** Records the token of a comparison. */
  keepComparison(token: ComparisonToken): void {
    this.#comparisons.set(token.id, token);
    this.book.comparisons.keep(token, this.#now, (id) => this.book.rfq(id) !== undefined);
  }

  /** Marks an order's token as used, if it has one; the token was checked before. */
  useComparison({ id, link }: Pick<NewOrder, 'id' | 'link'>): void {
    const shown = link?.comparisonToken ?? null;
    if (shown === null) return;
    const token = this.book.comparisons.token(shown);
    invariant(token !== undefined, `order ${id} shows an unknown token`);
    this.keepComparison({ ...token, usedBy: id });
  }

  /** The current state of a request in this turn. */
  latest(id: RfqId): Rfq | undefined {
    return this.#rfqs.get(id) ?? this.book.rfq(id);
  }

  /** The number of events recorded in this turn. */
  get eventCount(): number {
    return this.#events.length;
  }

  /** Everything to store. */
  changes(): RfqChanges {
    return {
      rfqs: [...this.#rfqs.values()],
      quotes: [...this.#quotes.values()],
      settlements: [...this.#settlements.values()],
      comparisons: [...this.#comparisons.values()],
      events: this.#events,
    };
  }

  #new(asked: NewRfq, how: Pick<Rfq, 'origin' | 'expiresAt'>): Rfq {
    return {
      ...asked,
      ...how,
      number: this.book.nextNumber(),
      sequence: 0,
      firstQuotedAt: null,
      traderId: null,
      state: { status: 'OPEN' },
      createdAt: this.#at,
      updatedAt: this.#now,
    };
  }

  #makeQuote(quote: RfqQuote): void {
    this.book.moments.made(quote.id, this.#steadyMs);
    this.#keepQuote(quote);
  }

  #keepQuote(quote: RfqQuote): void {
    this.#quotes.set(quote.id, quote);
    this.book.keepQuote(quote);
  }

  #keepSettlement(settlement: Settlement): void {
    this.#settlements.set(settlement.id, settlement);
    this.book.keepSettlement(settlement);
  }

  #record(
    before: Rfq,
    type: RfqEventType,
    about: Partial<Pick<RfqEvent, 'quote' | 'settlement'>> = {},
  ): Rfq {
    const rfq = { ...before, sequence: before.sequence + 1, updatedAt: this.#now };
    this.#rfqs.set(rfq.id, rfq);
    this.book.keep(rfq);
    const { status } = rfq.state;
    const told = { quote: null, settlement: null, ...about };
    const sequence = BigInt(rfq.sequence);
    this.#events.push({ rfqId: rfq.id, type, status, ...told, sequence, at: this.#now });
    return rfq;
  }
}
