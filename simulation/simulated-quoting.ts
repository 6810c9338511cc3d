import {
  parseClientRfqId,
  parseComparisonTokenId,
  parseOrderId,
  parseQuoteId,
  parseRfqId,
  trusted,
  type UserId,
} from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { AccountAccess } from '../subgraphs/order/domain/account-access.ts';
import type { Instruments } from '../subgraphs/order/domain/ports/instruments.ts';
import type { PlaceOrderPorts } from '../subgraphs/order/domain/use-cases/place-order.ts';
import type { AcceptQuotePorts } from '../subgraphs/order/domain/rfq/accept-once.ts';
import { type AcceptQuote, acceptQuote } from '../subgraphs/order/domain/rfq/accept-quote.ts';
import { cancelRfq } from '../subgraphs/order/domain/rfq/cancel-rfq.ts';
import {
  compareExecution,
  type CompareExecution,
} from '../subgraphs/order/domain/rfq/compare-execution.ts';
import type { Comparisons } from '../subgraphs/order/domain/rfq/comparison.ts';
import { quoteRfqByHand, takeOverRfq } from '../subgraphs/order/domain/rfq/handle-rfq.ts';
import { type RequestQuote, requestQuote } from '../subgraphs/order/domain/rfq/request-quote.ts';
import { RequestRate } from '../subgraphs/order/domain/rfq/request-rate.ts';
import type { RfqAccess } from '../subgraphs/order/domain/rfq/rfq-access.ts';
import { streamLevels, type StreamLevels } from '../subgraphs/order/domain/rfq/stream-levels.ts';
import type { Journal } from '../subgraphs/order/engine/journal.ts';
import type { OutboxRelay } from '../subgraphs/order/engine/outbox/outbox-relay.ts';
import { LevelDesk } from '../subgraphs/order/engine/rfq/level-desk.ts';
import { LevelEngine } from '../subgraphs/order/engine/rfq/level-engine.ts';
import { QuotePreparation } from '../subgraphs/order/engine/rfq/quote-preparation.ts';
import { RfqEngine } from '../subgraphs/order/engine/rfq/rfq-engine.ts';
import type { QuotingDesk } from '../subgraphs/order/engine/rfq/rfq-turn.ts';
import { RfqWatch } from '../subgraphs/order/engine/rfq/rfq-watch.ts';
import type { SimulatedRfqReads } from './outside/simulated-rfq-reads.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Witness } from './witness.ts';

/** What the quoting part of a simulated desk runs on. */
export interface SimulatedQuotingOptions {
  readonly journal: Journal;
  readonly relay: OutboxRelay;
  readonly quoting: QuotingDesk;
  readonly instruments: Instruments;
  readonly reads: SimulatedRfqReads;
  readonly orders: PlaceOrderPorts;
  readonly comparisons: Comparisons;
  readonly time: VirtualTime;
  readonly logger: Logger;
  readonly witness: Witness;
  readonly accessOf: (accountId: string) => AccountAccess;
  readonly newId: () => string;
}

/** The part of an order process that quotes on request: the real use cases, engine and watch. */
export class SimulatedQuoting {
  readonly #ports: AcceptQuotePorts;
  readonly #watch: RfqWatch;
  readonly #levels: LevelDesk;
  readonly #options: SimulatedQuotingOptions;

  constructor(options: SimulatedQuotingOptions) {
    const { journal, relay, quoting, instruments, reads, time, newId } = options;
    this.#options = options;
    this.#watch = new RfqWatch({ ...options, clock: time });
    this.#levels = new LevelDesk({ ...options, clock: time });
    relay.listen(this.#watch);
    journal.listen(this.#watch);
    const { twins, messageRate, within, orders } = options.orders;
    this.#ports = {
      ...{ twins, messageRate, within, orders, instruments, clock: time },
      rfqJournal: new RfqEngine(journal, new QuotePreparation(journal, quoting.pricer, time)),
      rfqReads: reads,
      requestRate: new RequestRate(quoting.settings.requestWindows),
      newRfqId: () => trusted(parseRfqId, newId()),
      newOrderId: () => trusted(parseOrderId, newId()),
      newClientRfqId: () => trusted(parseClientRfqId, newId()),
      levels: new LevelEngine(journal, this.#levels),
    };
  }

  /** Quotes whatever is due, and ends what has expired. */
  look(): void {
    this.#watch.look();
    this.#levels.look();
  }

  /** Follows firm prices, as the API does. */
  follow(ask: StreamLevels) {
    const { levels, requestRate, clock, instruments } = this.#ports;
    const ports = { levels, requestRate, clock, instruments };
    return streamLevels(ports, this.#accessOf(ask.accountId), ask);
  }

  /** Requests a quote, as the API does. */
  request(command: RequestQuote) {
    return requestQuote(this.#ports, this.#accessOf(command.accountId), command);
  }

  /** Compares the book with the desk, as the API does. */
  compare(command: CompareExecution) {
    const { comparisons, newId } = this.#options;
    const newComparisonTokenId = () => trusted(parseComparisonTokenId, newId());
    const ports = { ...this.#ports, comparisons, newComparisonTokenId };
    return compareExecution(ports, this.#accessOf(command.accountId), command);
  }

  /** Accepts a quote, as the API does. */
  accept(command: AcceptQuote) {
    const { time, witness } = this.#options;
    const arrival = { now: time.now(), steady: time.steadyNow() };
    witness.sawAccept(`${command.accountId}/${command.clientOrderId}`, arrival);
    return acceptQuote(this.#ports, this.#accessOf(command.accountId), command);
  }

  /** Cancels a request, as the API does. */
  cancel(command: { readonly accountId: string; readonly rfqId: string }) {
    return cancelRfq(this.#ports, this.#accessOf(command.accountId), command);
  }

  /** Reads a request with its quotes, newest first. */
  async read(id: string) {
    const rfqId = trusted(parseRfqId, id);
    const { reads } = this.#options;
    const [rfq, quotes] = await Promise.all([reads.rfq(rfqId), reads.quotes(rfqId)]);
    return { rfq, quotes };
  }

  /** Reads the requests of all accounts that wait, as the desk does. */
  open() {
    return this.#options.reads.openRfqs();
  }

  /** Takes a request from the machine or gives it back, as the desk does. */
  takeOver(command: {
    readonly rfqId: string;
    readonly isTaken: boolean;
    readonly traderId: UserId;
  }) {
    return takeOverRfq(this.#handling(), this.#accessOf('house'), command);
  }

  /** Quotes by hand, as the desk does. */
  quoteByHand(command: Parameters<typeof quoteRfqByHand>[2]) {
    return quoteRfqByHand(this.#handling(), this.#accessOf('house'), command);
  }

  #handling() {
    const { newId } = this.#options;
    return { ...this.#ports, newQuoteId: () => trusted(parseQuoteId, newId()) };
  }

  #accessOf(accountId: string): RfqAccess {
    const access = this.#options.accessOf(accountId);
    const { mayTrade: mayRequestQuotes, mayTrade: mayStreamPrices } = access;
    return { ...access, mayRequestQuotes, mayStreamPrices, isMember: () => false };
  }
}
