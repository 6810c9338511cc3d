import { type Clock, steadyNow } from '#shared/domain/clock.ts';
import type { TradeId } from '#shared/domain/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { FundsCommand } from '../../domain/ports/funds.ts';
import type { Settlement, SettlementStatus } from '../../domain/rfq/settlement.ts';
import type { JournalListener } from '../journal-listener.ts';
import type { Journal } from '../journal.ts';
import type { JournalState } from '../journal-state.ts';
import type { OutboxListener } from '../outbox/outbox-relay.ts';
import type { Turn } from '../turn.ts';
import { Instructions, type InstructionTimes } from './instructions.ts';
import { isAnyQuoteDue, quoteRfqs } from './quote-rfqs.ts';
import type { QuotingDesk } from './rfq-turn.ts';
import { isAnyRfqDue, moveSettlements } from './settle-rfqs.ts';

/** How late a quote or a deadline can be while no command arrives, in milliseconds. */
const LOOK_EVERY_MS = 25;

/** How long after a lost turn the state is read again for what that should have moved: the store may be away. */
const READ_AGAIN_MS = 500;

/** The dependencies of watching. */
export interface RfqWatchOptions {
  readonly journal: Journal;
  readonly quoting: QuotingDesk;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Starts a journal turn when requests must be quoted again or have a deadline that is due, one turn for all of them. It
 * also follows the outbox, so that settlements show their progress.
 */
export class RfqWatch implements JournalListener, OutboxListener {
  readonly #options: RfqWatchOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #instructions = new Instructions();
  #isLooking = false;
  /**
   * When to read the state again because a turn was lost, as {@link steadyNow} has it; null if none was. It shows what the
   * turn should have moved.
   */
  #readAgainAt: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: RfqWatchOptions) {
    this.#options = options;
  }

  loaded(state: JournalState): void {
    this.#move(state.rfqs.appliedTrades, 'SETTLED');
  }

  resigned(): void {
    this.#instructions.clear();
  }

  telling(commands: readonly FundsCommand[]): void {
    const isNew = (id: TradeId) => this.#settlement(id)?.state.status === 'PENDING';
    this.#instructions.sent(tradesOf(commands).filter(isNew), this.#options.clock.now());
  }

  applied(commands: readonly FundsCommand[]): void {
    this.#move(tradesOf(commands), 'SETTLED');
  }

  refused(commands: readonly FundsCommand[]): void {
    this.#move(tradesOf(commands), 'FAILED');
  }

  /** Starts looking. */
  start(): void {
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS);
  }

  /** Stops looking and waits for running turns. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await Promise.all(this.#running);
  }

  /** Looks once. */
  look(): void {
    const { journal, quoting, clock } = this.#options;
    const at = { now: clock.now(), steadyMs: steadyNow(clock) };
    const unanswered = this.#instructions.takeUnanswered(at.now);
    if (unanswered.size > 0) this.#move([...unanswered.keys()], 'INSTRUCTED', unanswered);
    if (this.#isLooking || journal.state === null) return;
    const { rfqs: book } = journal.state;
    const isDue =
      (this.#readAgainAt !== null && at.steadyMs >= this.#readAgainAt) ||
      isAnyQuoteDue(book, quoting.settings, at) ||
      isAnyRfqDue(book, quoting.pricer, at);
    if (!isDue) return;
    this.#isLooking = true;
    this.#readAgainAt = null;
    this.#run(quoteRfqs, () => {
      this.#isLooking = false;
    });
  }

  #move(
    tradeIds: readonly TradeId[],
    status: Exclude<SettlementStatus, 'PENDING'>,
    instructed: InstructionTimes = this.#instructions.take(tradeIds),
  ): void {
    if (tradeIds.some((id) => this.#settlement(id) !== undefined))
      this.#run((turn) => {
        moveSettlements(turn, tradeIds, status, instructed);
      });
  }

  #settlement(id: TradeId): Settlement | undefined {
    return this.#options.journal.state?.rfqs.settlement(id);
  }

  #run(command: (turn: Turn) => void, then: () => void = () => undefined): void {
    const { journal, clock, logger } = this.#options;
    const running = journal
      .run(command)
      .catch((cause: unknown) => {
        // A later look gives the journal a turn, which reads the state again: that moves a settlement, too.
        this.#readAgainAt = steadyNow(clock) + READ_AGAIN_MS;
        logger.warn({ err: cause }, 'the RFQ watch failed');
      })
      .finally(() => {
        this.#running.delete(running);
        then();
      });
    this.#running.add(running);
  }
}

function tradesOf(commands: readonly FundsCommand[]): readonly TradeId[] {
  return commands.flatMap((command) =>
    'settleTrade' in command ? [command.settleTrade.tradeId] : [],
  );
}
