import { parseAccountId, parseClientRfqId, parseRfqId, type RfqId } from '#shared/domain/ids.ts';
import type { EventBus } from '#shared/events/event-bus.ts';
import { privateStream, type PrivateStreamItem } from '#shared/events/private-stream.ts';
import { answered, type Answered } from './answered.ts';
import type { PageAsk } from './domain/order-reads.ts';
import type { AcceptQuoteOutcome, AcceptQuotePorts } from './domain/rfq/accept-once.ts';
import { type AcceptQuote, acceptQuote } from './domain/rfq/accept-quote.ts';
import {
  type CompareExecution,
  compareExecution,
  type CompareExecutionOutcome,
  type CompareExecutionPorts,
} from './domain/rfq/compare-execution.ts';
import { cancelRfq, type CancelRfqOutcome } from './domain/rfq/cancel-rfq.ts';
import {
  type RequestQuote,
  requestQuote,
  type RequestQuoteOutcome,
} from './domain/rfq/request-quote.ts';
import type { Period } from '#shared/domain/period.ts';
import type { HousePosition } from './domain/rfq/desk-book.ts';
import type { DeskPeriod, DeskRfqStatistics } from './domain/rfq/desk-rfq-statistics.ts';
import {
  type RfqLimits,
  type RfqLimitsPorts,
  readRfqLimits,
} from './domain/rfq/read-rfq-limits.ts';
import {
  readDeskBook,
  readDeskRfqStatistics,
  readRfqStatistics,
  type RfqStatisticsReads,
} from './domain/rfq/read-rfq-statistics.ts';
import type { RfqStatistics } from './domain/rfq/rfq-statistics.ts';
import {
  type HandleRfqOutcome,
  type HandleRfqPorts,
  quoteRfqByHand,
  takeOverRfq,
} from './domain/rfq/handle-rfq.ts';
import {
  type StreamLevels,
  streamLevels,
  type StreamLevelsOutcome,
} from './domain/rfq/stream-levels.ts';
import { isDesk } from './domain/desk.ts';
import { openRfqStream } from './open-rfq-stream.ts';
import type { RfqAccess } from './domain/rfq/rfq-access.ts';
import { isLastEvent, type RfqEvent } from './domain/rfq/rfq-event.ts';
import type { RfqEvents, RfqSnapshot } from './domain/rfq/rfq-events.ts';
import type { RfqFilter, RfqReads } from './domain/rfq/rfq-reads.ts';
import { isRfqClosed, type Rfq } from './domain/rfq/rfq.ts';
import { isSettled } from './domain/rfq/settlement.ts';

/** What the use cases of a process stand on, the same for all requests. */
export interface RfqDesk
  extends
    Omit<AcceptQuotePorts & CompareExecutionPorts & HandleRfqPorts, 'rfqReads'>,
    RfqLimitsPorts {
  readonly rfqEvents: RfqEvents;
  readonly rfqStatistics: RfqStatisticsReads;
  /** Out of the form in which the store and the bus have events. */
  readonly rfqEventOfJson: (sequence: bigint, json: unknown) => RfqEvent;
  readonly bus: EventBus;
}

/** The use cases about quotes on request, on behalf of whoever sent one request. */
export class RfqUseCases {
  readonly #desk: RfqDesk;
  readonly #ports: AcceptQuotePorts & CompareExecutionPorts & HandleRfqPorts;
  readonly #access: RfqAccess;
  readonly #reads: RfqReads;

  constructor(desk: RfqDesk, access: RfqAccess, reads: RfqReads) {
    this.#desk = desk;
    this.#access = access;
    this.#reads = reads;
    this.#ports = { ...desk, rfqReads: reads };
  }

  /** See {@link requestQuote}. */
  requestQuote(command: RequestQuote): Promise<Answered<RequestQuoteOutcome>> {
    return this.#answered(requestQuote(this.#ports, this.#access, command));
  }

  /** See {@link acceptQuote}. */
  acceptQuote(command: AcceptQuote): Promise<Answered<AcceptQuoteOutcome>> {
    return this.#answered(acceptQuote(this.#ports, this.#access, command));
  }

  /** See {@link compareExecution}. */
  compareExecution(command: CompareExecution): Promise<Answered<CompareExecutionOutcome>> {
    return this.#answered(compareExecution(this.#ports, this.#access, command));
  }

  /** See {@link cancelRfq}. */
  cancelRfq(command: {
    readonly accountId: string;
    readonly rfqId: string;
  }): Promise<Answered<CancelRfqOutcome>> {
    return this.#answered(cancelRfq(this.#ports, this.#access, command));
  }

  /** See {@link takeOverRfq}. */
  takeOverRfq(command: Parameters<typeof takeOverRfq>[2]): Promise<Answered<HandleRfqOutcome>> {
    return this.#answered(takeOverRfq(this.#ports, this.#access, command));
  }

  /** See {@link quoteRfqByHand}. */
  quoteRfqByHand(
    command: Parameters<typeof quoteRfqByHand>[2],
  ): Promise<Answered<HandleRfqOutcome>> {
    return this.#answered(quoteRfqByHand(this.#ports, this.#access, command));
  }

  /** All open requests, as a stream; null for anyone who is not the desk. */
  openRfqs(): AsyncGenerator<readonly Rfq[], undefined> | null {
    if (!isDesk(this.#access)) return null;
    const { bus, rfqEventOfJson: eventOfJson } = this.#desk;
    return openRfqStream({ bus, eventOfJson, readOpen: () => this.#reads.openRfqs() });
  }

  /** One request; null for an absent one as for someone else's. */
  async rfq(id: string): Promise<Rfq | null> {
    const rfqId = parseRfqId(id);
    const rfq = rfqId === null ? null : await this.#reads.rfq(rfqId);
    return rfq !== null && this.#access.mayRead(rfq.accountId) ? rfq : null;
  }

  /** One request by the client's id; null for an absent one as for someone else's. */
  async rfqByClientRfqId(account: string, client: string): Promise<Rfq | null> {
    const [accountId, clientRfqId] = [parseAccountId(account), parseClientRfqId(client)];
    if (accountId === null || clientRfqId === null || !this.#access.mayRead(accountId)) return null;
    return this.#reads.rfqByClientRfqId({ accountId, clientRfqId });
  }

  /** An account's requests, newest first; none of an account that may not be seen. */
  async rfqs(account: string, filter: RfqFilter, page: PageAsk): Promise<readonly Rfq[]> {
    const accountId = parseAccountId(account);
    if (accountId === null || !this.#access.mayRead(accountId)) return [];
    return this.#reads.rfqs(accountId, filter, page);
  }

  /** See {@link readRfqStatistics}. */
  rfqStatistics(account: string, period: Period): Promise<RfqStatistics | null> {
    return readRfqStatistics(this.#desk.rfqStatistics, this.#access, account, period);
  }

  /** See {@link readDeskRfqStatistics}. */
  deskRfqStatistics(period: DeskPeriod): Promise<DeskRfqStatistics | 'notTheDesk'> {
    return readDeskRfqStatistics(this.#desk.rfqStatistics, this.#access, period);
  }

  /** See {@link readDeskBook}. */
  deskBook(): Promise<readonly HousePosition[] | 'notTheDesk'> {
    return readDeskBook(this.#desk.rfqStatistics, this.#access);
  }

  /** See {@link readRfqLimits}. */
  rfqLimits(account: string, symbol: string): Promise<RfqLimits | null> {
    return readRfqLimits(this.#desk, this.#access, account, symbol);
  }

  /** See {@link streamLevels}. */
  streamLevels(ask: StreamLevels): Promise<StreamLevelsOutcome> {
    return streamLevels(this.#desk, this.#access, ask);
  }

  /** By our clock, milliseconds since the epoch. */
  now(): number {
    return this.#desk.clock.now();
  }

  /**
   * The stream of one request, which ends with it. @returns null for an absent one as for someone else's
   * @throws DomainError BAD_USER_INPUT if `after` is not a cursor of this stream
   */
  async quoteStream(
    id: string,
    after: string | null | undefined,
  ): Promise<AsyncIterable<PrivateStreamItem<RfqSnapshot>> | null> {
    const rfq = await this.rfq(id);
    if (rfq === null) return null;
    const { bus, clock } = this.#desk;
    const stream = privateStream({
      topic: 'rfq.events',
      streamId: rfq.id,
      bus,
      clock,
      after,
      store: this.#eventsOf(rfq.id),
    });
    return untilOver(stream, (item) => this.#isOver(item));
  }

  /** An event of {@link RfqUseCases.quoteStream}, out of its stored form. */
  readEvent({ sequence, event }: { sequence: bigint; event: unknown }): RfqEvent {
    return this.#desk.rfqEventOfJson(sequence, event);
  }

  #isOver(item: PrivateStreamItem<RfqSnapshot>): boolean {
    if (item.kind === 'event') return isLastEvent(this.readEvent(item));
    if (item.kind !== 'snapshot') return false;
    const { rfq, settlement } = item.snapshot;
    return isRfqClosed(rfq) && (settlement === null || isSettled(settlement));
  }

  #eventsOf(rfqId: RfqId) {
    const { rfqEvents, clock } = this.#desk;
    return {
      snapshot: () => rfqEvents.snapshot(rfqId, clock.now()),
      readEvents: (after: bigint, limit: number) => rfqEvents.readEvents(rfqId, after, limit),
      lastSequence: () => rfqEvents.lastSequence(rfqId),
    };
  }

  #answered<Outcome>(work: Promise<Outcome>): Promise<Answered<Outcome>> {
    return answered(this.#desk.clock, work);
  }
}

/** The items of a stream up to its last one. Returning it frees the stream, also while it waits. */
function untilOver<Item>(
  stream: AsyncGenerator<Item, undefined>,
  isLast: (item: Item) => boolean,
): AsyncIterableIterator<Item, undefined> {
  let isOver = false;
  const over = { done: true, value: undefined } as const;
  const iterator: AsyncIterableIterator<Item, undefined> = {
    next: async () => {
      if (isOver) return over;
      const result = await stream.next();
      if (result.done === true || !isLast(result.value)) return result;
      isOver = true;
      await stream.return(undefined);
      return result;
    },
    return: () => stream.return(undefined),
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
