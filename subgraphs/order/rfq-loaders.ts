import { LazyLoader } from '#shared/graphql/lazy-loader.ts';
import type { AccountId, InstrumentSymbol, QuoteId, RfqId } from '#shared/domain/ids.ts';
import { invariant } from '#shared/domain/invariant.ts';
import {
  type FirstRows,
  firstRows,
  type PageAsk,
  type TimedPosition,
} from './domain/ports/order-reads.ts';
import type { RfqQuote } from './domain/rfq/rfq-quote.ts';
import {
  type ClientRfqKey,
  MOST_WITH_RFQ,
  type RfqFilter,
  type RfqReads,
} from './domain/rfq/rfq-reads.ts';
import type { Rfq } from './domain/rfq/rfq.ts';
import type { Settlement } from './domain/rfq/settlement.ts';
import { UnavailableError } from './domain/ports/unavailable-error.ts';
import { groupBy, pageLoader, type PageKey } from './page-loader.ts';
import type { RfqQueries } from './store/rfq-queries.ts';

/** One more than a request shows, which says whether there are more. */
const NEWEST: PageAsk<TimedPosition> = { limit: MOST_WITH_RFQ + 1, after: null };

/**
 * The reads of one request: parts of several requests for quote are read by one statement. A request for quote itself is
 * read each time, since a command of the same operation, or the next event of its stream, changes it. A store that does not
 * answer is an UnavailableError, so that a command that has done nothing yet can say so.
 */
export class RfqLoaders implements RfqReads {
  readonly #queries: RfqQueries;
  readonly #rfqs: LazyLoader<RfqId, Rfq | null>;
  readonly #quotePages: LazyLoader<
    PageKey<RfqId, null, TimedPosition>,
    readonly RfqQuote[],
    string
  >;
  readonly #settlements: LazyLoader<RfqId, Settlement | null>;
  readonly #pages: LazyLoader<PageKey<AccountId, RfqFilter, bigint>, readonly Rfq[], string>;
  readonly #knownQuotes = new Map<RfqId, readonly RfqQuote[]>();
  readonly #symbols = new Map<RfqId, InstrumentSymbol>();

  constructor(queries: RfqQueries) {
    this.#queries = queries;
    const once = { cache: false };
    this.#rfqs = new LazyLoader(async (ids) => {
      const rfqs = await stored(queries.rfqsById(ids));
      for (const { id, symbol } of rfqs) this.#symbols.set(id, symbol);
      return ids.map((id) => rfqs.find((rfq) => rfq.id === id) ?? null);
    }, once);
    this.#pages = pageLoader(
      async (ids, filter, page) =>
        groupBy(await queries.rfqPages(ids, filter, page), ({ accountId }) => accountId),
      once,
    );
    this.#quotePages = pageLoader(
      async (ids, _filter, page) =>
        groupBy(await stored(queries.quotePages(ids, page)), ({ rfqId }) => rfqId),
      once,
    );
    this.#settlements = new LazyLoader(async (ids) => {
      const settlements = await stored(queries.settlementsOfRfqs(ids));
      return ids.map((id) => settlements.find(({ rfqId }) => rfqId === id) ?? null);
    }, once);
  }

  rfq(id: RfqId): Promise<Rfq | null> {
    return this.#rfqs.load(id);
  }

  /** One that is known to be there, as it is now. */
  async rfqNow(id: RfqId): Promise<Rfq> {
    const rfq = await this.rfq(id);
    invariant(rfq !== null, `request for quote ${id} is gone`);
    return rfq;
  }

  /** The instrument of one that is known to be there, which never changes: a stream reads it once. */
  async symbolOf(id: RfqId): Promise<InstrumentSymbol> {
    return this.#symbols.get(id) ?? (await this.rfqNow(id)).symbol;
  }

  rfqByClientRfqId(key: ClientRfqKey): Promise<Rfq | null> {
    return stored(this.#queries.rfqByClientRfqId(key));
  }

  rfqs(accountId: AccountId, filter: RfqFilter, page: PageAsk): Promise<readonly Rfq[]> {
    return this.#pages.load({ id: accountId, filter, page });
  }

  openRfqs(): Promise<readonly Rfq[]> {
    return this.#queries.openRfqs();
  }

  quote(rfqId: RfqId, quoteId: QuoteId): Promise<RfqQuote | null> {
    return stored(this.#queries.quote(rfqId, quoteId));
  }

  /** A page of the quotes of a request, newest first. */
  quotePage(id: RfqId, page: PageAsk<TimedPosition>): Promise<readonly RfqQuote[]> {
    return this.#quotePages.load({ id, filter: null, page });
  }

  /** What a request shows of its quotes, newest first. */
  async newestQuotes(rfqId: RfqId): Promise<FirstRows<RfqQuote>> {
    const known = this.#knownQuotes.get(rfqId);
    this.#knownQuotes.delete(rfqId);
    const newest = known ?? (await this.quotePage(rfqId, NEWEST));
    return firstRows(newest, MOST_WITH_RFQ);
  }

  /** Saves the next look-up of the newest quotes, which are known already; a later one may find others. */
  knowQuotes(rfqId: RfqId, quotes: readonly RfqQuote[]): void {
    this.#knownQuotes.set(rfqId, quotes);
  }

  settlement(rfqId: RfqId): Promise<Settlement | null> {
    return this.#settlements.load(rfqId);
  }
}

/** @throws UnavailableError if the store does not answer */
function stored<Result>(reading: Promise<Result>): Promise<Result> {
  return reading.catch((cause: unknown) => {
    throw new UnavailableError('The order store did not respond.', cause);
  });
}
