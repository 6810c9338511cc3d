import type { AccountId, QuoteId, RfqId, UserId } from '#shared/domain/ids.ts';
import type { Instrument } from '#shared/domain/instrument.ts';
import { exposureOf } from '../../domain/rfq/credit.ts';
import { rfqTransition } from '../../domain/rfq/rfq-lifecycle.ts';
import type {
  AcceptCommand,
  AcceptedQuote,
  CreditUse,
  HandQuoted,
  RequestedQuote,
  RfqJournal,
} from '../../domain/rfq/rfq-journal.ts';
import type { PricedQuote } from '../../domain/rfq/rfq-quote.ts';
import { isLive, type NewRfq, type Rfq } from '../../domain/rfq/rfq.ts';
import type { Journal } from '../journal.ts';
import { acceptQuote } from './accept-quote.ts';
import { DecidedAccepts } from './decided-accepts.ts';
import { quoteByHand, takeOver } from './quote-by-hand.ts';
import type { QuotePreparation } from './quote-preparation.ts';
import { requestQuote } from './request-quote.ts';

/** Runs the commands of clients and traders about quotes as turns of the journal. */
export class RfqEngine implements RfqJournal {
  readonly #journal: Journal;
  readonly #preparation: QuotePreparation | null;
  readonly #decided = new DecidedAccepts();

  /** @param preparation the preparation that a request waits for before its turn; none if omitted */
  constructor(journal: Journal, preparation: QuotePreparation | null = null) {
    this.#journal = journal;
    this.#preparation = preparation;
    journal.listen(this.#decided);
  }

  known(rfqId: RfqId): Rfq | null {
    return this.#journal.state?.rfqs.rfq(rfqId) ?? null;
  }

  async request(
    asked: NewRfq,
    instrument: Instrument | null,
    userId: UserId | null = null,
  ): Promise<RequestedQuote> {
    await this.#preparation?.prepare(asked, instrument, userId);
    return this.#journal.run((turn) => requestQuote(turn, asked, instrument, userId));
  }

  async accept(command: AcceptCommand, instrument: Instrument): Promise<AcceptedQuote> {
    return this.#journal.run((turn): AcceptedQuote => {
      const made = acceptQuote(turn, command, instrument);
      if (made.kind !== 'pending') return made;
      const isPending = made.rfq.state.status === 'ACCEPT_PENDING';
      const decided = isPending ? this.#decided.next(made.rfq.id) : Promise.resolve(null);
      return { ...made, decided };
    });
  }

  cancel(rfqId: RfqId): Promise<Rfq | null> {
    return this.#journal.run(({ rfqs, now }) => {
      const rfq = rfqs.book.rfq(rfqId);
      if (rfq === undefined || !isLive(rfq)) return rfq ?? null;
      rfqTransition(rfq.state.status, 'CANCEL');
      const quiet = rfqs.withdraw(rfq);
      return rfqs.change({ ...quiet, state: { status: 'CANCELED', closedAt: now } }, 'CANCELED');
    });
  }

  takeOver(rfqId: RfqId, traderId: UserId, isTaken: boolean): Promise<HandQuoted> {
    return this.#journal.run((turn) => takeOver(turn, rfqId, traderId, isTaken));
  }

  quoteByHand(
    rfqId: RfqId,
    traderId: UserId,
    prices: Pick<PricedQuote, 'bid' | 'ask'>,
    quoteId: QuoteId,
    instrument: Instrument,
  ): Promise<HandQuoted> {
    return this.#journal.run((turn) =>
      quoteByHand(turn, { rfqId, traderId, prices, quoteId }, instrument),
    );
  }

  creditUse(
    accountId: AccountId,
    { quote }: Instrument,
    userId: UserId | null,
  ): Promise<CreditUse> {
    return this.#journal.run(({ rfqs: { book } }) => ({
      client: exposureOf(book.unsettled(accountId, quote)),
      desk: exposureOf(book.unsettled(null, quote)),
      openRfqs: book.liveCount(accountId),
      userOpenRfqs: userId === null ? 0 : book.userLiveCount(userId),
    }));
  }
}
