import type { AccountId, RfqId } from '#shared/domain/ids.ts';
import type { AcceptQuoteOutcome } from '../../subgraphs/order/domain/rfq/accept-once.ts';
import type { AcceptQuote } from '../../subgraphs/order/domain/rfq/accept-quote.ts';
import type { RequestQuote } from '../../subgraphs/order/domain/rfq/request-quote.ts';
import type { RfqQuote } from '../../subgraphs/order/domain/rfq/rfq-quote.ts';
import type { Rfq } from '../../subgraphs/order/domain/rfq/rfq.ts';
import type { ComparisonToken } from '../../subgraphs/order/domain/rfq/comparison-token.ts';
import { NO_LINK } from '../../subgraphs/order/domain/order-link.ts';
import { atRandomTimes } from './at-random-times.ts';
import type { ClientSurroundings } from './client-surroundings.ts';
import { acceptOfQuote, alteredAccept, drawnPieces, drawnRequest } from './drawn-requests.ts';
import type { SimulatedQuoting } from '../simulated-quoting.ts';
import type { ToldOfRfq } from '../invariants/rfq-told.ts';
import { Repetitions } from './repetitions.ts';

const TIMEOUT_MS = 5000;
const LONGEST_IDLE_MS = 3000;
/** Mostly short; the longest is longer than a quote is firm, so that some accepts are too late. */
const LONGEST_THOUGHTS_MS = [300, 1000, 3200] as const;
const TRIES = 3;
const ALTERED_SHARE = 0.2;
const FOREIGN_SHARE = 0.1;
const TWIN_SHARE = 0.3;
const CANCEL_SHARE = 0.2;
const COMPARED_SHARE = 0.25;
const IN_PIECES_SHARE = 0.35;
const PIECES = 4;

/** A client that requests quotes on one account, accepts some, and repeats whatever was not answered. */
export class QuoteClient {
  readonly accountId: AccountId;
  readonly told: ToldOfRfq[] = [];
  readonly #surroundings: ClientSurroundings;
  /** Another user's account. */
  readonly #stranger: AccountId;
  readonly #requested: RequestQuote[] = [];
  readonly #accepted: AcceptQuote[] = [];
  #altered = 0;
  readonly #repetitions = new Repetitions();

  constructor(surroundings: ClientSurroundings, stranger: AccountId) {
    this.accountId = surroundings.accountId;
    this.#surroundings = surroundings;
    this.#stranger = stranger;
  }

  /** Starts this many requests at random times; they can overlap. */
  trade(requests: number): void {
    atRandomTimes(this.#surroundings, requests, LONGEST_IDLE_MS, () => void this.#negotiate());
  }

  /** Repeats every request and every accept. */
  repeatAll(): void {
    const repeated = [
      ...this.#requested.map((command) => this.#request(command)),
      ...this.#accepted.map((command) => this.#accept(command, true)),
    ];
    for (const one of repeated) this.#repetitions.add(one.then((answer) => answer !== null));
  }

  /** How many of the repeated commands have no answer yet. */
  get unanswered(): number {
    return this.#repetitions.unanswered;
  }

  async #negotiate(): Promise<void> {
    const { random } = this.#surroundings.misfortune;
    if (random.chance(IN_PIECES_SHARE)) return this.#tradeInPieces();
    const command = drawnRequest(random, this.accountId, `r-${this.#requested.length + 1}`);
    this.#requested.push(command);
    if (random.chance(TWIN_SHARE)) void this.#request(command);
    const rfq = await this.#untilAnswered(() => this.#request(command));
    if (rfq === null || rfq === 'refused') return;
    if (random.chance(COMPARED_SHARE)) return this.#compare(command);
    await this.#think();
    const quotes = await this.#read(rfq.id);
    const quote = quotes[random.between(0, Math.min(2, quotes.length - 1))];
    if (random.chance(CANCEL_SHARE)) void this.#cancel(rfq.id);
    if (quote !== undefined) await this.#take(rfq, quote);
    if (random.chance(CANCEL_SHARE)) await this.#cancel(rfq.id);
  }

  /** Requests a quantity in pieces, and accepts the newest quotes of all that are answered by then in one moment. */
  async #tradeInPieces(): Promise<void> {
    const { random } = this.#surroundings.misfortune;
    const first = this.#requested.length + 1;
    const names = Array.from({ length: PIECES }, (_, index) => `r-${first + index}`);
    const commands = drawnPieces(random, this.accountId, names);
    this.#requested.push(...commands);
    const rfqs: Rfq[] = [];
    for (const command of commands)
      void this.#untilAnswered(() => this.#request(command)).then((rfq) => {
        if (rfq !== null && rfq !== 'refused') rfqs.push(rfq);
      });
    await this.#think();
    for (const rfq of rfqs) void this.#takeNewest(rfq);
  }

  async #takeNewest(rfq: Rfq): Promise<void> {
    const [newest] = await this.#read(rfq.id);
    const accept = newest === undefined ? null : this.#drawnAccept(rfq, newest);
    if (accept !== null) await this.#untilAnswered(() => this.#accept(accept));
  }

  /** Compares the same trade on the book, and then wants it both ways. */
  async #compare({ side, size: { quantity }, ...asked }: RequestQuote): Promise<void> {
    if (side === null || quantity === null) return;
    const outcome = await this.#ask((desk) => desk.compare({ ...asked, side, quantity }));
    if (outcome?.kind !== 'compared') return;
    const { rfq, comparison } = outcome;
    if (comparison.quote !== null) this.told.push({ kind: 'quoted', quote: comparison.quote });
    if (comparison.token === null) return;
    void this.#placeWith(comparison.token);
    const accept = comparison.quote === null ? null : this.#drawnAccept(rfq, comparison.quote);
    if (accept === null) return;
    const comparisonToken = comparison.token.id;
    await this.#untilAnswered(() => this.#accept({ ...accept, comparisonToken }));
  }

  async #placeWith({ id, symbol, side, quantity }: ComparisonToken): Promise<void> {
    const { network, desk } = this.#surroundings;
    const command = {
      ...{ accountId: this.accountId, clientOrderId: `by-${id}`, symbol, side, quantity },
      terms: { orderType: 'MARKET', timeInForce: 'IOC' },
      link: { ...NO_LINK, comparisonToken: id },
    } as const;
    await network.call(async () => desk().place(command), TIMEOUT_MS).catch(() => undefined);
  }

  /** Accepts a quote once, twice or wrongly. */
  async #take(rfq: Rfq, quote: RfqQuote): Promise<void> {
    const { random } = this.#surroundings.misfortune;
    const accept = this.#drawnAccept(rfq, quote);
    if (accept === null) return;
    if (random.chance(ALTERED_SHARE)) void this.#acceptWrongly(alteredAccept(random, accept));
    if (random.chance(FOREIGN_SHARE)) void this.#acceptAsStranger(accept);
    if (random.chance(TWIN_SHARE)) void this.#accept(accept);
    const second = random.chance(TWIN_SHARE) ? this.#drawnAccept(rfq, quote) : null;
    if (second !== null) void this.#accept(second);
    await this.#untilAnswered(() => this.#accept(accept));
  }

  #drawnAccept(rfq: Rfq, quote: RfqQuote): AcceptQuote | null {
    const { random } = this.#surroundings.misfortune;
    const accept = acceptOfQuote(random, rfq, quote, `q-${this.#accepted.length + 1}`);
    if (accept !== null) this.#accepted.push(accept);
    return accept;
  }

  /** @returns the request; null without an answer */
  async #request(command: RequestQuote): Promise<Rfq | 'refused' | null> {
    const outcome = await this.#ask((desk) => desk.request(command));
    if (outcome === null || outcome.kind === 'unknown') return null;
    if (outcome.kind === 'denied') return 'refused';
    if (outcome.kind !== 'requested') {
      this.#absurd(`${command.clientRfqId} was requested: ${outcome.kind}`);
      return 'refused';
    }
    const { rfq, quotes } = outcome;
    this.told.push({ kind: 'requested', command, rfqId: rfq.id });
    for (const quote of quotes ?? []) this.told.push({ kind: 'quoted', quote });
    return rfq;
  }

  async #read(rfqId: RfqId): Promise<readonly RfqQuote[]> {
    const answer = await this.#ask((desk) => desk.read(rfqId));
    for (const quote of answer?.quotes ?? []) this.told.push({ kind: 'quoted', quote });
    return answer?.quotes ?? [];
  }

  /** @returns the outcome; null without an answer */
  async #accept(command: AcceptQuote, isLast = false): Promise<AcceptQuoteOutcome | null> {
    const outcome = await this.#ask((desk) => desk.accept(command));
    if (outcome === null || outcome.kind === 'unknown') return null;
    this.told.push({ kind: 'accepted', command, outcome, isLast });
    return outcome;
  }

  async #acceptWrongly(accept: AcceptQuote): Promise<void> {
    this.#altered += 1;
    const command = { ...accept, clientOrderId: `wrong-${this.#altered}` };
    const outcome = await this.#ask((desk) => desk.accept(command));
    if (outcome?.kind === 'filled' || outcome?.kind === 'rejected')
      this.#absurd(`an altered accept of ${accept.quoteId} was ${outcome.kind}`);
  }

  async #acceptAsStranger(accept: AcceptQuote): Promise<void> {
    const command = {
      ...accept,
      accountId: this.#stranger,
      clientOrderId: `foreign-${accept.quoteId}`,
    };
    const outcome = await this.#ask((desk) => desk.accept(command));
    if (outcome !== null && outcome.kind !== 'rfqNotFound' && outcome.kind !== 'unknown')
      this.#absurd(`${this.#stranger} accepted ${accept.quoteId}: ${outcome.kind}`);
  }

  async #cancel(rfqId: RfqId): Promise<void> {
    const { accountId } = this;
    const outcome = await this.#ask((desk) => desk.cancel({ accountId, rfqId }));
    if (outcome === null) return;
    if (outcome.kind === 'canceled' || outcome.kind === 'notCancelable')
      this.told.push({ kind: outcome.kind, rfqId });
    else this.#absurd(`${rfqId} was to be canceled: ${outcome.kind}`);
  }

  async #untilAnswered<Answer>(ask: () => Promise<Answer | null>): Promise<Answer | null> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await ask();
      if (answer !== null) return answer;
    }
    return null;
  }

  #think(): Promise<void> {
    const { time, misfortune } = this.#surroundings;
    const { random } = misfortune;
    return new Promise((resolve) =>
      time.after(random.between(1, random.pick(LONGEST_THOUGHTS_MS)), resolve),
    );
  }

  #absurd(text: string): void {
    this.told.push({ kind: 'absurd', text });
  }

  /** Null if no answer arrived, or the answer says that a part of the desk is away. */
  async #ask<Answer>(what: (desk: SimulatedQuoting) => Promise<Answer>): Promise<Answer | null> {
    const { network, desk } = this.#surroundings;
    try {
      return await network.call(async () => what(desk().quoting), TIMEOUT_MS);
    } catch {
      return null;
    }
  }
}
