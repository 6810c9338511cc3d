import type { EventBus } from '#shared/events/event-bus.ts';
import type { PrivateStreamItem } from '#shared/events/private-stream.ts';
import { answered, type Answered } from './answered.ts';
import type { PageAsk } from './domain/ports/order-reads.ts';
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
import { listRfqs, readRfq, readRfqByClientRfqId, type RfqReader } from './domain/rfq/read-rfqs.ts';
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
import type { RfqAccess } from './domain/rfq/rfq-access.ts';
import type { RfqEvent } from './domain/rfq/rfq-event.ts';
import type { RfqEvents, RfqSnapshot } from './domain/rfq/rfq-events.ts';
import type { RfqFilter, RfqReads } from './domain/rfq/rfq-reads.ts';
import type { Rfq } from './domain/rfq/rfq.ts';
import { openRfqStream } from './streams/open-rfq-stream.ts';
import { rfqStream } from './streams/rfq-stream.ts';

/** What the use cases of a process need, the same for all requests. */
export interface RfqDesk
  extends
    Omit<AcceptQuotePorts & CompareExecutionPorts & HandleRfqPorts, 'rfqReads'>,
    RfqLimitsPorts {
  readonly rfqEvents: RfqEvents;
  readonly rfqStatistics: RfqStatisticsReads;
  /** Reads an event from its stored form. */
  readonly rfqEventOfJson: (sequence: bigint, json: unknown) => RfqEvent;
  readonly bus: EventBus;
}

/** The use cases about quotes on request, on behalf of one request's sender. */
export class RfqUseCases {
  readonly #desk: RfqDesk;
  readonly #ports: AcceptQuotePorts & CompareExecutionPorts & HandleRfqPorts;
  readonly #access: RfqAccess;
  readonly #reader: RfqReader;

  constructor(desk: RfqDesk, access: RfqAccess, reads: RfqReads) {
    this.#desk = desk;
    this.#access = access;
    this.#reader = { access, reads };
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
    return openRfqStream({ bus, eventOfJson, readOpen: () => this.#reader.reads.openRfqs() });
  }

  /** See {@link readRfq}. */
  rfq(id: string): Promise<Rfq | null> {
    return readRfq(this.#reader, id);
  }

  /** See {@link readRfqByClientRfqId}. */
  rfqByClientRfqId(accountId: string, clientRfqId: string): Promise<Rfq | null> {
    return readRfqByClientRfqId(this.#reader, accountId, clientRfqId);
  }

  /** See {@link listRfqs}. */
  rfqs(accountId: string, filter: RfqFilter, page: PageAsk): Promise<readonly Rfq[]> {
    return listRfqs(this.#reader, accountId, filter, page);
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

  /** Now, by the desk's clock, in milliseconds since the epoch. */
  now(): number {
    return this.#desk.clock.now();
  }

  /**
   * The stream of one request, which ends with it.
   * @returns null for a nonexistent request and for someone else's
   * @throws DomainError BAD_USER_INPUT if `after` is not a cursor of this stream
   */
  async quoteStream(
    id: string,
    after: string | null | undefined,
  ): Promise<AsyncIterable<PrivateStreamItem<RfqSnapshot>> | null> {
    const rfq = await this.rfq(id);
    if (rfq === null) return null;
    const { bus, clock, rfqEvents: events, rfqEventOfJson: eventOfJson } = this.#desk;
    return rfqStream({ bus, clock, events, eventOfJson, rfqId: rfq.id, after });
  }

  /** Reads an event of {@link RfqUseCases.quoteStream} from its stored form. */
  readEvent({ sequence, event }: { sequence: bigint; event: unknown }): RfqEvent {
    return this.#desk.rfqEventOfJson(sequence, event);
  }

  #answered<Outcome>(work: Promise<Outcome>): Promise<Answered<Outcome>> {
    return answered(this.#desk.clock, work);
  }
}
